//! Any bytes as a model file: a model or an error, and what is read can be written and read again.
//!
//! ```sh
//! cargo +nightly fuzz run osim -- -max_len=20000
//! ```
#![no_main]

use guywire_osim::{OsimModel, ReadOptions, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for allow_missing in [false, true] {
        let options = ReadOptions { allow_missing };
        let Ok(mut model) = OsimModel::read(bytes, &options) else { continue };
        model.reread().expect("what was read is read again");
        OsimModel::read(&model.to_bytes(), &options).expect("what was written is read");
        let _ = OsimModel::read(&write::document(&model.description).to_bytes(), &options);
    }
});
