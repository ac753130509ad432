//! Wavefront `.obj`: lines `v x y z` and `f a b c …`, corners counted from 1, or from the end below 0.

use super::{MeshFileError, Polygons, point};

pub(super) fn read(bytes: &[u8]) -> Result<Polygons, MeshFileError> {
    let text = String::from_utf8_lossy(bytes);
    let mut polygons = Polygons::default();
    // A backslash at the end of a line goes on in the next.
    let mut carried = String::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(part) = line.strip_suffix('\\') {
            carried.push_str(part);
            carried.push(' ');
            continue;
        }
        carried.push_str(line);
        let refuse = |expected| MeshFileError::Line { line: number + 1, expected };
        let mut words = carried.split_whitespace();
        match words.next() {
            Some("v") => {
                let vertex = point(words).ok_or_else(|| refuse("three finite numbers after `v`"))?;
                polygons.vertices.push(vertex);
                polygons.check()?;
            }
            Some("f") => {
                for word in words {
                    let index = word.split('/').next().and_then(|index| index.parse::<i64>().ok());
                    let index = index.and_then(|index| match index {
                        1.. => usize::try_from(index - 1).ok(),
                        0 => None,
                        _ => {
                            let back = usize::try_from(index.unsigned_abs()).ok()?;
                            polygons.vertices.len().checked_sub(back)
                        }
                    });
                    polygons.corners.push(index.ok_or_else(|| refuse("numbers of vertices after `f`"))?);
                }
                polygons.end_face()?;
            }
            _ => {}
        }
        carried.clear();
    }
    Ok(polygons)
}
