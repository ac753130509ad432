//! Any bytes as a mesh for contact: a closed surface of finite size, or an error. The first byte says the format.
//!
//! ```sh
//! cargo +nightly fuzz run mesh -- -max_len=3000
//! ```
#![no_main]

use guywire_osim::mesh;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((format, rest)) = bytes.split_first() else { return };
    let name = ["surface.obj", "surface.stl", "surface.vtp"][usize::from(*format) % 3];
    if let Err(error) = mesh::read(rest, name) {
        let _ = error.to_string();
    }
});
