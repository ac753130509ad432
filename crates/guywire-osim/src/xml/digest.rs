//! A number that tells names of elements apart at a glance.

/// What a comment has in the place of a digest; no name has it.
pub(super) const COMMENT: u32 = 0;

/// Digest of a name: names of different digests differ, names of one digest may.
///
/// The first and the last eight bytes and the length go in; most names of OpenSim differ there. The factor is the
/// golden ratio times 2⁶⁴ (Knuth, The Art of Computer Programming 3, 6.4).
#[inline]
pub(super) fn digest(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let word = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29),
        _ => bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    let product = (word ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (product >> 32) as u32 | 1
}
