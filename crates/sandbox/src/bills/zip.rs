//! A ZIP as Alipay's is: the names of its files are GBK bytes, and no flag says otherwise.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{self, Write};

/// A file to pack.
#[derive(Clone, Debug)]
pub struct ZipFile {
    /// The bytes of its name.
    pub name: Vec<u8>,
    /// What it holds.
    pub content: Vec<u8>,
}

/// 1980-01-01, the first day that the format knows: what is packed is the same at any time.
const DOS_DATE: u16 = 0x21;
/// The version that can unpack deflated files.
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;

struct Entry<'a> {
    name: &'a [u8],
    crc: u32,
    packed: Vec<u8>,
    size: u32,
    offset: u32,
}

/// Packs files into a ZIP.
///
/// # Errors
/// When a name or the whole is longer than the format can say.
pub fn zip(files: &[ZipFile]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut entries = Vec::with_capacity(files.len());
    for file in files {
        let mut crc = Crc::new();
        crc.update(&file.content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&file.content)?;
        let entry = Entry {
            name: &file.name,
            crc: crc.sum(),
            packed: encoder.finish()?,
            size: length(file.content.len())?,
            offset: length(out.len())?,
        };
        out.extend_from_slice(b"PK\x03\x04");
        head(&mut out, &entry)?;
        put16(&mut out, 0);
        out.extend_from_slice(entry.name);
        out.extend_from_slice(&entry.packed);
        entries.push(entry);
    }
    let directory = length(out.len())?;
    for entry in &entries {
        out.extend_from_slice(b"PK\x01\x02");
        put16(&mut out, VERSION);
        head(&mut out, entry)?;
        // No extra field, no comment, first disk, no attributes.
        for _ in 0..4 {
            put16(&mut out, 0);
        }
        put32(&mut out, 0);
        put32(&mut out, entry.offset);
        out.extend_from_slice(entry.name);
    }
    let size = length(out.len())? - directory;
    let count = u16::try_from(entries.len()).map_err(|_| too_long())?;
    out.extend_from_slice(b"PK\x05\x06");
    put32(&mut out, 0);
    put16(&mut out, count);
    put16(&mut out, count);
    put32(&mut out, size);
    put32(&mut out, directory);
    put16(&mut out, 0);
    Ok(out)
}

/// What both headers of a file share, up to the length of its name.
fn head(out: &mut Vec<u8>, entry: &Entry<'_>) -> io::Result<()> {
    put16(out, VERSION);
    // No flag: the name is in no particular charset.
    put16(out, 0);
    put16(out, DEFLATED);
    put16(out, 0);
    put16(out, DOS_DATE);
    put32(out, entry.crc);
    put32(out, length(entry.packed.len())?);
    put32(out, entry.size);
    put16(
        out,
        u16::try_from(entry.name.len()).map_err(|_| too_long())?,
    );
    Ok(())
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn length(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes).map_err(|_| too_long())
}

fn too_long() -> io::Error {
    io::Error::other("longer than a ZIP can say")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::DeflateDecoder;
    use std::io::Read;

    #[test]
    fn a_packed_file_unpacks_and_its_name_is_gbk_without_a_flag() {
        let content = "账务明细,".repeat(1_000).into_bytes();
        let name = alipay::Charset::Gbk
            .encode("业务.csv")
            .unwrap()
            .into_owned();
        let file = ZipFile {
            name: name.clone(),
            content: content.clone(),
        };
        let packed = zip(&[file]).unwrap();
        assert_eq!(packed[..4], *b"PK\x03\x04");
        assert_eq!(packed[6..8], [0, 0]);
        let start = 30 + name.len();
        assert_eq!(packed[30..start], name[..]);
        let size = u32::from_le_bytes(packed[18..22].try_into().unwrap());
        let end = start + usize::try_from(size).unwrap();
        let mut unpacked = Vec::new();
        DeflateDecoder::new(&packed[start..end])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, content);
        assert_eq!(packed[end..end + 4], *b"PK\x01\x02");
        assert_eq!(packed[end + 8..end + 10], [0, 0]);
    }
}
