//! The ZIP in which bills come.

use super::{Bill, BillError};
use crate::Charset;
use std::{
    fmt,
    io::{Read, Seek},
};

/// A ZIP of bills: usually one file of lines and one of sums. The names of its files are GBK
/// without saying so, which most tools show as nonsense.
pub struct BillArchive<R> {
    zip: zip::ZipArchive<R>,
}

impl<R: Read + Seek> BillArchive<R> {
    /// Opens a ZIP: a file, or a `Cursor` over bytes.
    ///
    /// # Errors
    /// When it is none.
    pub fn open(reader: R) -> Result<Self, BillError> {
        let zip = zip::ZipArchive::new(reader).map_err(|error| zip_error(&error))?;
        Ok(Self { zip })
    }

    /// How many files it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.zip.len()
    }

    /// Returns `true` when it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zip.is_empty()
    }

    /// The name of a file: `20880211096256330156_20190916_业务明细.csv`.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn name(&mut self, index: usize) -> Result<String, BillError> {
        self.check(index)?;
        let file = self
            .zip
            .by_index_raw(index)
            .map_err(|error| zip_error(&error))?;
        let raw = file.name_raw();
        let name = Charset::Utf8
            .decode(raw)
            .or_else(|_| Charset::Gbk.decode(raw));
        Ok(name.map_or_else(|_| format!("file {index}"), |name| name.into_owned()))
    }

    /// A file as a bill, unpacked while it is read.
    ///
    /// # Errors
    /// When there is no such file, or it does not begin as a bill does.
    pub fn bill(&mut self, index: usize) -> Result<Bill<Box<dyn Read + '_>>, BillError> {
        self.check(index)?;
        let file = self
            .zip
            .by_index(index)
            .map_err(|error| zip_error(&error))?;
        Bill::open(Box::new(file))
    }

    fn check(&self, index: usize) -> Result<(), BillError> {
        if index < self.zip.len() {
            Ok(())
        } else {
            Err(BillError::NoFile(index))
        }
    }
}

fn zip_error(error: &zip::result::ZipError) -> BillError {
    BillError::Zip(error.to_string())
}

impl<R> fmt::Debug for BillArchive<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BillArchive").finish_non_exhaustive()
    }
}
