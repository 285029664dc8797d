//! Bytes to lines of text, one at a time, with an upper bound.

use super::BillError;
use crate::Charset;
use std::io::{BufRead, BufReader, Read};

/// The lines of a file. In GBK no second byte of a character is a line feed, so a line can be cut
/// before it is decoded.
pub(super) struct TextLines<R> {
    reader: BufReader<R>,
    bytes: Vec<u8>,
    number: u64,
}

impl<R: Read> TextLines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader: BufReader::new(reader),
            bytes: Vec::new(),
            number: 0,
        }
    }

    /// The number of the last line, from 1 on.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its end, or `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<String>, BillError> {
        self.bytes.clear();
        let limit = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX);
        let mut limited = self.reader.by_ref().take(limit + 1);
        if limited.read_until(b'\n', &mut self.bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let line = self.number;
        if self.bytes.len() > MAX_LINE_BYTES {
            let max = MAX_LINE_BYTES;
            return Err(BillError::TooLong { line, max });
        }
        while matches!(self.bytes.last(), Some(b'\n' | b'\r')) {
            self.bytes.pop();
        }
        let text = Charset::Gbk
            .decode(&self.bytes)
            .or_else(|_| Charset::Utf8.decode(&self.bytes))
            .map_err(|_| BillError::NotText { line })?;
        Ok(Some(text.into_owned()))
    }
}

/// Real lines have some hundred bytes.
const MAX_LINE_BYTES: usize = 64 * 1024;
