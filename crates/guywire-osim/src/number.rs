//! Decimal numbers in files, quickly where they are short.

/// Powers of ten that a double holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];
/// Integers up to here are doubles.
const GREATEST_INTEGER: u64 = 1 << 53;
/// Integers of so many digits are below 2⁶⁴.
const MOST_DIGITS: usize = 19;

/// A number of few digits: the double nearest to it, as the standard library gives it; none where that is to be asked.
///
/// Digits and power of ten are both exact as doubles, so that one rounding, of their product or quotient, is all.
/// Source: Clinger 1990, How to read floating point numbers accurately, section 2.
pub(crate) fn short(token: &[u8]) -> Option<f64> {
    let (sign, unsigned) = match token {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, token),
    };
    let (integer, rest) = digits(0, unsigned);
    let mut count = unsigned.len() - rest.len();
    let (integer, rest, mut power) = match rest {
        [b'.', fraction @ ..] => {
            let (integer, rest) = digits(integer, fraction);
            let decimals = fraction.len() - rest.len();
            count += decimals;
            (integer, rest, -i32::try_from(decimals).ok()?)
        }
        _ => (integer, rest, 0),
    };
    if count == 0 || count > MOST_DIGITS || integer > GREATEST_INTEGER {
        return None;
    }
    match rest {
        [] => {}
        [b'e' | b'E', text @ ..] => power += exponent(text)?,
        _ => return None,
    }
    let ten = *TENS.get(usize::try_from(power.unsigned_abs()).ok()?)?;
    let value = integer as f64;
    Some(sign * if power < 0 { value / ten } else { value * ten })
}

/// The digits in front of a text, behind those of an integer; and what follows. Too many wrap.
fn digits(integer: u64, text: &[u8]) -> (u64, &[u8]) {
    let (mut integer, mut rest) = (integer, text);
    while let [byte, after @ ..] = rest
        && byte.is_ascii_digit()
    {
        integer = integer.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        rest = after;
    }
    (integer, rest)
}

/// An exponent of at most three digits.
fn exponent(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    if !(1..=3).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(sign * digits.iter().fold(0, |value, digit| value * 10 + i32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::short;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_short_number_is_left_to_the_library() {
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "inf",
            "nan",
            "1 ",
            "0x1",
            "12345678901234567890",
            "1e23",
        ] {
            assert_eq!(short(text.as_bytes()), None, "{text}");
        }
        for text in ["0", "-0", "-0.0", ".5", "5.", "+1e-22", "0.000000000000000001", "9007199254740992"] {
            let (found, wanted) = (short(text.as_bytes()).unwrap(), text.parse::<f64>().unwrap());
            assert_eq!(found.to_bits(), wanted.to_bits(), "{text}");
        }
    }

    proptest! {
        /// Same bits as the standard library, whose parser is another.
        #[test]
        fn same_bits_as_the_library(text in "[+-]?[0-9]{0,12}\\.?[0-9]{0,12}([eE][+-]?[0-9]{1,3})?") {
            if let Some(found) = short(text.as_bytes()) {
                prop_assert_eq!(found.to_bits(), text.parse::<f64>().unwrap().to_bits());
            }
        }
    }
}
