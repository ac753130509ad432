//! Any bytes as a control set: controls whose times rise, or an error; and what is written is read as the same.
//!
//! ```sh
//! cargo +nightly fuzz run control_set -- -max_len=3000
//! ```
#![no_main]

use guywire_osim::control_set::{ControlSet, Signal};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match ControlSet::parse(bytes) {
    Ok(set) => {
        for control in &set.controls {
            if let Signal::Nodes { nodes, .. } = &control.signal {
                assert!(!nodes.is_empty() && nodes.iter().flatten().all(|number| number.is_finite()));
                assert!(nodes.windows(2).all(|w| w[0][0] <= w[1][0]));
            }
        }
        let _ = ControlSet::parse(&set.to_bytes()).expect("what was written");
    }
    Err(error) => drop(error.to_string()),
});
