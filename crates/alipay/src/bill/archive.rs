//! The ZIP in which bills come.

use super::{Bill, BillError};
use crate::Charset;
use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder,
    ZipLocator,
};
use std::{
    borrow::Cow,
    fmt,
    io::{self, BufReader, Read, Seek, SeekFrom},
    sync::{Mutex, PoisonError},
};

/// A ZIP of bills: usually one file of lines and one of sums. The names of its files are GBK
/// without saying so, which most tools show as nonsense.
pub struct BillArchive<R> {
    zip: ZipArchive<Shared<R>>,
    files: Vec<File>,
}

struct File {
    name: String,
    method: CompressionMethod,
    place: ZipArchiveEntryWayfinder,
}

impl<R: Read + Seek> BillArchive<R> {
    /// Opens a ZIP: a file, or a `Cursor` over bytes.
    ///
    /// # Errors
    /// When it is none, or has more files than any bill.
    pub fn open(mut reader: R) -> Result<Self, BillError> {
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let end = reader.seek(SeekFrom::End(0))?;
        let shared = Shared(Mutex::new(reader));
        let zip = ZipLocator::new()
            .locate_in_reader(shared, &mut buffer, end)
            .map_err(|(_, error)| failed(&error))?;
        let mut files = Vec::new();
        let mut entries = zip.entries(&mut buffer);
        while let Some(entry) = entries.next_entry().map_err(|error| failed(&error))? {
            if entry.is_dir() {
                continue;
            }
            if files.len() == MAX_FILES {
                return Err(BillError::Zip(format!("more than {MAX_FILES} files")));
            }
            let path = entry.file_path();
            let raw = path.as_ref();
            let name = Charset::Utf8
                .decode(raw)
                .or_else(|_| Charset::Gbk.decode(raw));
            files.push(File {
                name: name.map_or_else(|_| format!("file {}", files.len()), Cow::into_owned),
                method: entry.compression_method(),
                place: entry.wayfinder(),
            });
        }
        Ok(Self { zip, files })
    }

    /// How many files it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns `true` when it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The name of a file: `20880211096256330156_20190916_业务明细.csv`. A text to show, not a path
    /// to write to.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn name(&self, index: usize) -> Result<&str, BillError> {
        Ok(&self.file(index)?.name)
    }

    /// A file as a bill, unpacked while it is read. A file whose checksum does not fit ends in an
    /// error.
    ///
    /// # Errors
    /// When there is no such file, it is packed in an unknown way, or it does not begin as a bill
    /// does.
    pub fn bill(&self, index: usize) -> Result<Bill<Box<dyn Read + '_>>, BillError> {
        let file = self.file(index)?;
        let entry = self
            .zip
            .get_entry(file.place)
            .map_err(|error| failed(&error))?;
        let packed = BufReader::new(entry.reader());
        if file.method == CompressionMethod::STORE {
            Bill::open(Box::new(entry.verifying_reader(packed)))
        } else if file.method == CompressionMethod::DEFLATE {
            Bill::open(Box::new(
                entry.verifying_reader(DeflateDecoder::new(packed)),
            ))
        } else {
            Err(BillError::Zip(
                "the file is packed in an unknown way".to_owned(),
            ))
        }
    }

    fn file(&self, index: usize) -> Result<&File, BillError> {
        self.files.get(index).ok_or(BillError::NoFile(index))
    }
}

/// A file that is read from several places.
struct Shared<R>(Mutex<R>);

impl<R: Read + Seek> ReaderAt for Shared<R> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.seek(SeekFrom::Start(offset))?;
        reader.read(buffer)
    }
}

fn failed(error: &rawzip::Error) -> BillError {
    BillError::Zip(error.to_string())
}

impl<R> fmt::Debug for BillArchive<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.files.iter().map(|file| &file.name);
        f.debug_struct("BillArchive")
            .field("files", &names.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// A bill has two; platforms' have some more.
const MAX_FILES: usize = 1_000;
