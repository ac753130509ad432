//! Solved numbers on this machine, so that what was interrupted goes on where it stopped.
//!
//! One file a run, named after a digest of the case file, the program, the seed and the number of members; all but the reports of a
//! case share theirs. In it records that stand for themselves: a torn one at the end of an interrupted run is not read.
//!
//! ```text
//! key u64, how many numbers u64, the numbers as f64, digest of all that u64; little-endian
//! ```
//!
//! The files hold numbers only, no name and no reading; nobody but the user may read them, and what was not touched for
//! [`KEPT_DAYS`] days is deleted.

use crate::arguments::EnsembleOptions;
use guywire::study::{Digest, Shelf};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

/// After so many days without use a run's numbers are deleted.
const KEPT_DAYS: u64 = 30;
/// What the files of runs end in.
const ENDING: &str = "ensemble";

/// The numbers of one run.
#[derive(Debug)]
pub struct Cache {
    kept: BTreeMap<u64, Vec<f64>>,
    file: Mutex<File>,
}

/// The numbers of a run of this program on a case file; none if there is no place to keep them.
///
/// `more` is what else decides the numbers.
pub fn of(case: &Path, options: EnsembleOptions, more: &[u8]) -> Option<Cache> {
    let folder = folder()?;
    make_private(&folder).ok()?;
    forget_old(&folder);
    let run = Digest::default().with(&std::fs::read(case).ok()?);
    let run = run.with(&options.seed.to_le_bytes()).with(&options.members.to_le_bytes()).with(&program());
    let run = run.with(more);
    Cache::at(&folder.join(format!("{:016x}.{ENDING}", run.value())))
}

impl Cache {
    fn at(path: &Path) -> Option<Self> {
        let bytes = std::fs::read(path).unwrap_or_default();
        let (kept, sound) = records(&bytes);
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).ok()?;
        // What an interrupted run left half written.
        file.set_len(sound as u64).ok()?;
        Some(Self { kept, file: Mutex::new(file) })
    }
}

impl Shelf for Cache {
    fn take(&self, key: u64) -> Option<Vec<f64>> {
        self.kept.get(&key).cloned()
    }

    fn put(&self, key: u64, numbers: &[f64]) {
        let mut record: Vec<u8> =
            key.to_le_bytes().into_iter().chain((numbers.len() as u64).to_le_bytes()).collect();
        record.extend(numbers.iter().flat_map(|v| v.to_le_bytes()));
        let digest = Digest::default().with(&record).value();
        record.extend(digest.to_le_bytes());
        if let Ok(mut file) = self.file.lock() {
            // A full disk costs a later run time, not this one its result.
            let _ = file.write_all(&record);
        }
    }
}

/// The sound records at the front, and how many bytes they take. Of two with one key the later one holds.
fn records(bytes: &[u8]) -> (BTreeMap<u64, Vec<f64>>, usize) {
    let (mut kept, mut sound) = (BTreeMap::new(), 0);
    while let Some((key, numbers, length)) = record(&bytes[sound..]) {
        kept.insert(key, numbers);
        sound += length;
    }
    (kept, sound)
}

fn record(bytes: &[u8]) -> Option<(u64, Vec<f64>, usize)> {
    let word = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?));
    let end = usize::try_from(word(8)?).ok()?.checked_mul(8)?.checked_add(16)?;
    if word(end)? != Digest::default().with(&bytes[..end]).value() {
        return None;
    }
    let numbers = bytes[16..end].chunks_exact(8).filter_map(|b| Some(f64::from_le_bytes(b.try_into().ok()?)));
    Some((word(0)?, numbers.collect(), end + 8))
}

/// Where the platform keeps what can be computed again.
fn folder() -> Option<PathBuf> {
    let at = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(windows) {
        at("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        at("HOME").map(|home| home.join("Library/Caches"))
    } else {
        at("XDG_CACHE_HOME").or_else(|| at("HOME").map(|home| home.join(".cache")))
    };
    Some(base?.join("guywire"))
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn forget_old(folder: &Path) {
    let Some(oldest) = SystemTime::now().checked_sub(Duration::from_secs(KEPT_DAYS * 86_400)) else { return };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_old = entry.metadata().and_then(|m| m.modified()).is_ok_and(|time| time < oldest);
        if is_old && path.extension().is_some_and(|e| e == ENDING) {
            // Somebody else may have been faster.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// What tells one build of the program from another: its version, size and date.
fn program() -> Vec<u8> {
    let mut name = env!("CARGO_PKG_VERSION").as_bytes().to_vec();
    if let Ok(file) = std::env::current_exe().and_then(std::fs::metadata) {
        name.extend(file.len().to_le_bytes());
        let age = file.modified().ok().and_then(|t| t.duration_since(SystemTime::UNIX_EPOCH).ok());
        name.extend(age.map_or(0, |age| age.as_nanos()).to_le_bytes());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("guywire-cache-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        make_private(&folder).unwrap();
        folder.join("run.ensemble")
    }

    #[test]
    fn what_was_kept_comes_back_to_the_bit() {
        let path = file("back");
        let first = Cache::at(&path).unwrap();
        first.put(3, &[1.5, f64::NAN, -0.0]);
        first.put(0, &[]);
        let again = Cache::at(&path).unwrap();
        let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(again.take(3).unwrap()), bits(vec![1.5, f64::NAN, -0.0]));
        assert_eq!(again.take(0), Some(vec![]));
        assert_eq!(again.take(1), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
    }

    #[test]
    fn a_torn_or_changed_record_is_not_read_and_the_file_goes_on_behind_the_sound_ones() {
        let path = file("torn");
        let cache = Cache::at(&path).unwrap();
        cache.put(0, &[1.0]);
        cache.put(1, &[2.0]);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let torn = Cache::at(&path).unwrap();
        assert_eq!((torn.take(0), torn.take(1)), (Some(vec![1.0]), None));
        torn.put(1, &[2.0]);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        let mut changed = whole;
        changed[18] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert_eq!(Cache::at(&path).unwrap().take(0), None);
        // A length that lies is no reason to read past the end.
        std::fs::write(&path, [[0; 8], [255; 8]].concat()).unwrap();
        assert_eq!(Cache::at(&path).unwrap().take(0), None);
    }
}
