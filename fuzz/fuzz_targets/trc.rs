//! Any bytes as a marker file: markers frame by frame, or an error.
//!
//! ```sh
//! cargo +nightly fuzz run trc -- -max_len=3000
//! ```
#![no_main]

use guywire_osim::table::MarkerTable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match MarkerTable::read_trc(bytes) {
    Ok(table) => {
        assert!(table.time.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(table.positions.len(), table.time.len() * table.names.len());
    }
    Err(error) => drop(error.to_string()),
});
