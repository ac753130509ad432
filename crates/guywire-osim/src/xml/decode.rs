//! Bytes to text: UTF-8 where it is, Windows-1252 where it is not.

use super::{XmlError, XmlErrorKind};

/// Characters of the bytes 0x80 to 0x9F in Windows-1252 (WHATWG Encoding Standard, index windows-1252).
const HIGH: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}',
    '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// The text of a file, without byte-order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<String, XmlError> {
    let at_start = |kind| XmlError { line: 1, column: 1, kind };
    if bytes.len() > super::MAX_BYTES {
        return Err(at_start(XmlErrorKind::TooLarge));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(at_start(XmlErrorKind::Utf16));
    }
    let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Room for what an upgrade adds: a copy of the whole later would cost more.
    let mut text = String::with_capacity(rest.len() + rest.len() / 4 + 256);
    loop {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return Ok(text);
            }
            Err(error) => {
                let (valid, invalid) = rest.split_at(error.valid_up_to());
                text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                let Some((&byte, after)) = invalid.split_first() else { return Ok(text) };
                text.push(match byte {
                    0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(byte),
                });
                rest = after;
            }
        }
    }
}

/// Appends `raw` with its entities replaced; what is no entity stays as it is, as OpenSim's parser does.
pub(super) fn unescape(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest entity that is read is `&#x10FFFF;`.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((character, end)) => {
                out.push(character);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_windows_1252() {
        assert_eq!(decode(b"Thelen\x92s \xE4").unwrap(), "Thelen\u{2019}s ä");
        assert_eq!(decode("µ\u{2019}".as_bytes()).unwrap(), "µ\u{2019}");
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>").unwrap(), "<a/>");
        assert!(decode(b"\xFF\xFE<\0a\0").is_err());
    }

    #[test]
    fn entities_are_replaced_and_others_stay() {
        let text = |raw| {
            let mut out = String::new();
            unescape(raw, &mut out);
            out
        };
        assert_eq!(text("a &lt;b&gt; &amp;lt; &#65;&#x42; &quot;&apos;"), "a <b> &lt; AB \"'");
        assert_eq!(text("R&D & &unknown; &#xD800; &"), "R&D & &unknown; &#xD800; &");
    }
}
