//! Any bytes as a C3D file: markers, channels and platforms, or an error.
//!
//! ```sh
//! cargo +nightly fuzz run c3d -- -max_len=8000
//! ```
#![no_main]

use guywire_osim::table::C3d;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match C3d::read(bytes) {
    Ok(c3d) => {
        assert!(c3d.markers.time.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(c3d.markers.positions.len(), c3d.markers.time.len() * c3d.markers.names.len());
        for platform in &c3d.platforms {
            assert_eq!(platform.force.len(), c3d.analog.time.len());
            let _ = platform.center_of_pressure(0, 1.0);
        }
    }
    Err(error) => drop(error.to_string()),
});
