//! Any bytes as a table in text: a table whose times increase and whose columns are full, or an error; and what is
//! written is read.
//!
//! ```sh
//! cargo +nightly fuzz run sto -- -max_len=3000
//! ```
#![no_main]

use guywire_osim::table::{Format, Table};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Sto, Format::Mot, Format::Csv] {
        match Table::read(bytes, format) {
            Ok(table) => {
                assert!(table.time.windows(2).all(|w| w[0] < w[1]));
                assert!(table.columns.iter().all(|c| c.values.len() == table.time.len()));
                let _ = Table::read(&table.to_sto(), Format::Sto);
            }
            Err(error) => drop(error.to_string()),
        }
    }
});
