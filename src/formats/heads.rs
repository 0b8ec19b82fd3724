//! The heads of the history's chains as a file, to be kept where nobody who can write the database can write.
//!
//! `object,seq,hash`, one chain a line, sorted by object.

use std::collections::BTreeMap;

use crate::domain::history::Head;

const COLUMNS: [&str; 3] = ["object", "seq", "hash"];

/// The file of some heads.
pub fn write(heads: &BTreeMap<String, Head>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for head in heads.values() {
        writer.write_record([head.object.as_str(), &head.seq.to_string(), &head.hash])?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Reads such a file, or says what is wrong in which line.
pub fn read(bytes: &[u8]) -> Result<BTreeMap<String, Head>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut heads = BTreeMap::new();
    for (line, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| error.to_string())?;
        let fields: Vec<&str> = record.iter().collect();
        if line == 1 {
            if fields != COLUMNS {
                return Err(format!("the header must be {}", COLUMNS.join(",")));
            }
            continue;
        }
        let head = match fields.as_slice() {
            [object, seq, hash] if hash.len() == 64 && hash.bytes().all(|c| c.is_ascii_hexdigit()) => {
                seq.parse().ok().map(|seq| Head { object: (*object).to_owned(), seq, hash: (*hash).to_owned() })
            }
            _ => None,
        };
        let head = head.ok_or_else(|| format!("line {line} is not an object, a place and a hash"))?;
        heads.insert(head.object.clone(), head);
    }
    Ok(heads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let head = Head { object: "response/2022/FLS001".into(), seq: 7, hash: "ab".repeat(32) };
        let heads = BTreeMap::from([(head.object.clone(), head)]);
        assert_eq!(read(&write(&heads).unwrap()).unwrap(), heads);
        assert!(read(b"object,seq,hash\nx,1,short\n").unwrap_err().contains("line 2"));
        assert!(read(b"a,b\n").unwrap_err().contains("header"));
    }
}
