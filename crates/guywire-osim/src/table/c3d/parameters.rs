//! The parameter section: groups, and in them named arrays of text or numbers.

use super::data::{Bytes, Processor};
use super::error;
use crate::table::error::TableError;

/// Values of a parameter.
#[derive(Clone, Debug)]
enum Values {
    Texts(Vec<String>),
    Numbers(Vec<f64>),
}

/// One parameter.
#[derive(Clone, Debug)]
struct Parameter {
    group: i8,
    name: String,
    dimensions: Vec<usize>,
    values: Values,
}

/// Everything that the file says of itself.
pub(super) struct Parameters {
    pub processor: Processor,
    groups: Vec<(i8, String)>,
    parameters: Vec<Parameter>,
}

/// Marks a header and its parameter section.
const KEY: u8 = 0x50;

impl Parameters {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let (Some(&block), Some(&key)) = (bytes.first(), bytes.get(1)) else {
            return Err(error(0, "shorter than a header"));
        };
        if key != KEY {
            return Err(error(1, "not the mark of a C3D file, 0x50"));
        }
        let start =
            usize::from(block).checked_sub(1).ok_or(error(0, "the parameters begin at block 0"))? * 512;
        let processor = match bytes.get(start + 3) {
            Some(84) => Processor::Intel,
            Some(85) => Processor::Dec,
            Some(86) => Processor::Mips,
            _ => return Err(error(start + 3, "the processor is none of Intel (84), DEC (85), MIPS (86)")),
        };
        let mut out = Self { processor, groups: vec![], parameters: vec![] };
        let file = Bytes { bytes, processor };
        let mut at = start + 4;
        // Every entry is at least four bytes long and ends after it begins: this ends.
        while let Some(next) = out.entry(&file, at)? {
            at = next;
        }
        Ok(out)
    }

    /// Reads an entry; gives where the next begins, or nothing after the last.
    fn entry(&mut self, file: &Bytes<'_>, at: usize) -> Result<Option<usize>, TableError> {
        let ends = error(at, "the parameters end in the middle of an entry");
        let (Some(&length), Some(&id)) = (file.bytes.get(at), file.bytes.get(at + 1)) else {
            return Ok(None);
        };
        // A negative length locks the entry.
        let length = usize::from((length as i8).unsigned_abs());
        if length == 0 || id == 0 {
            return Ok(None);
        }
        let name = file.bytes.get(at + 2..at + 2 + length).ok_or_else(|| ends.clone())?;
        let name = String::from_utf8_lossy(name).trim().to_ascii_uppercase();
        let offset_at = at + 2 + length;
        let offset = usize::from(file.word(offset_at).ok_or_else(|| ends.clone())?);
        let id = id as i8;
        if id < 0 {
            self.groups.push((id.wrapping_neg(), name));
        } else {
            self.parameters.push(parameter(file, id, name, offset_at + 2).ok_or(ends)?);
        }
        match offset {
            0 => Ok(None),
            _ if offset < 2 => Err(error(offset_at, "the next parameter begins before this one ends")),
            _ => Ok(Some(offset_at + offset)),
        }
    }

    fn find(&self, group: &str, name: &str) -> Option<&Parameter> {
        let id = self.groups.iter().find(|(_, own)| own == group)?.0;
        self.parameters.iter().find(|p| p.group == id && p.name == name)
    }

    /// Numbers of a parameter; none if it is not there.
    pub(super) fn numbers(&self, group: &str, name: &str) -> &[f64] {
        match self.find(group, name).map(|p| &p.values) {
            Some(Values::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// Dimensions of a parameter.
    pub(super) fn dimensions(&self, group: &str, name: &str) -> &[usize] {
        self.find(group, name).map_or(&[], |p| &p.dimensions)
    }

    /// Texts of a parameter; none if it is not there.
    pub(super) fn texts(&self, group: &str, name: &str) -> Vec<String> {
        match self.find(group, name).map(|p| &p.values) {
            Some(Values::Texts(texts)) => texts.clone(),
            _ => vec![],
        }
    }

    /// Numbers of a parameter that goes on in `NAME2`, `NAME3`, … beyond 255 entries.
    pub(super) fn all(&self, group: &str, name: &str) -> Vec<f64> {
        let mut all = self.numbers(group, name).to_vec();
        for k in 2.. {
            let more = self.numbers(group, &format!("{name}{k}"));
            if more.is_empty() {
                break;
            }
            all.extend(more);
        }
        all
    }

    /// Names of points or channels, made different where the file repeats or lacks them.
    pub(super) fn labels(&self, group: &str, count: usize, fallback: &str) -> Vec<String> {
        let mut all = self.texts(group, "LABELS");
        for k in 2.. {
            let more = self.texts(group, &format!("LABELS{k}"));
            if more.is_empty() || all.len() >= count {
                break;
            }
            all.extend(more);
        }
        let mut seen = std::collections::HashSet::new();
        (0..count)
            .map(|i| {
                let given = all.get(i).map(String::as_str).filter(|name| !name.is_empty());
                let mut name = given.map_or_else(|| format!("{fallback}{}", i + 1), str::to_owned);
                if !seen.insert(name.clone()) {
                    name = format!("{name}_{}", i + 1);
                    seen.insert(name.clone());
                }
                name
            })
            .collect()
    }
}

/// The values of a parameter from its type on.
fn parameter(file: &Bytes<'_>, group: i8, name: String, at: usize) -> Option<Parameter> {
    let kind = *file.bytes.get(at)? as i8;
    let count = usize::from(*file.bytes.get(at + 1)?);
    let dimensions: Vec<usize> =
        file.bytes.get(at + 2..at + 2 + count)?.iter().map(|&d| usize::from(d)).collect();
    let total = dimensions.iter().try_fold(1usize, |a, &b| a.checked_mul(b))?;
    let start = at + 2 + count;
    let size = usize::from(kind.unsigned_abs());
    // Values lie in the file: their number is bounded by its length.
    let bytes = file.bytes.get(start..start.checked_add(total.checked_mul(size.max(1))?)?)?;
    let values = match kind {
        -1 => {
            let width = dimensions.first().copied().unwrap_or(1).max(1);
            Values::Texts(
                bytes
                    .chunks(width)
                    .map(|t| String::from_utf8_lossy(t).trim_matches(['\0', ' ']).to_owned())
                    .collect(),
            )
        }
        1 => Values::Numbers(bytes.iter().map(|&b| f64::from(b)).collect()),
        2 => Values::Numbers(
            (0..total)
                .map(|i| file.word(start + 2 * i).map(|w| f64::from(w as i16)))
                .collect::<Option<_>>()?,
        ),
        4 => Values::Numbers((0..total).map(|i| file.real(start + 4 * i)).collect::<Option<_>>()?),
        _ => Values::Numbers(vec![]),
    };
    Some(Parameter { group, name, dimensions, values })
}
