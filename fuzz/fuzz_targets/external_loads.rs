//! Any bytes as a file of external loads: loads, or an error.
//!
//! ```sh
//! cargo +nightly fuzz run external_loads -- -max_len=3000
//! ```
#![no_main]

use guywire_osim::external_loads::ExternalLoads;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = ExternalLoads::parse(bytes) {
        let _ = error.to_string();
    }
});
