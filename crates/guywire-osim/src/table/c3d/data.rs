//! Numbers as the three processors write them.

/// Who wrote the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Processor {
    /// Little-endian, IEEE reals.
    Intel,
    /// Little-endian words, VAX F reals.
    Dec,
    /// Big-endian, IEEE reals.
    Mips,
}

/// A file and the order of its bytes.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub bytes: &'a [u8],
    pub processor: Processor,
}

impl Bytes<'_> {
    /// A word of 16 bits.
    pub(super) fn word(&self, at: usize) -> Option<u16> {
        let pair = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self.processor {
            Processor::Mips => u16::from_be_bytes(pair),
            Processor::Intel | Processor::Dec => u16::from_le_bytes(pair),
        })
    }

    /// A real of 32 bits.
    pub(super) fn real(&self, at: usize) -> Option<f64> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(match self.processor {
            Processor::Intel => f64::from(f32::from_le_bytes(four)),
            Processor::Mips => f64::from(f32::from_be_bytes(four)),
            // VAX F has the two words exchanged, its exponent counts two more and a zero exponent is zero.
            Processor::Dec => {
                let [a, b, c, d] = four;
                let bits = u32::from_be_bytes([b, a, d, c]);
                if bits & 0x7F80_0000 == 0 { 0.0 } else { f64::from(f32::from_bits(bits)) / 4.0 }
            }
        })
    }
}
