//! C3D: markers, analogue channels and force platforms in one binary file.
//!
//! | file | question |
//! | --- | --- |
//! | `parameters` | what the file says of itself |
//! | `data` | numbers of the three processors, as integers or reals |
//! | `platforms` | force and moment of every platform |
//!
//! Source: The C3D File Format, a Technical User Guide (Motion Lab Systems, www.c3d.org). Axes are those of the
//! laboratory as the file has them; nothing is turned.

mod data;
mod parameters;
mod platforms;

pub use platforms::ForcePlatform;

use super::error::TableError;
use super::{Column, MarkerTable, Table, Unit};
use data::Bytes;
use parameters::Parameters;

/// What a C3D file holds.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct C3d {
    /// Markers; points that the file calls angles, forces, moments, powers or scalars are left out.
    pub markers: MarkerTable,
    /// Analogue channels at their own rate, scaled as the file says; the unit is the file's.
    pub analog: Table,
    /// Force platforms, at the rate of the analogue channels.
    pub platforms: Vec<ForcePlatform>,
    /// What the reader decided that the file does not say, or says twice.
    pub notes: Vec<String>,
}

/// What the reader needs of the parameters.
struct Layout {
    points: usize,
    channels: usize,
    samples: usize,
    frames: usize,
    first_byte: usize,
    rate: f64,
    /// Factor of points; negative for reals.
    scale: f64,
}

/// Frames a second that some camera could take (assumed).
const RATES: std::ops::RangeInclusive<f64> = 1e-3..=1e6;

fn error(offset: usize, what: &'static str) -> TableError {
    TableError::C3d { offset, what }
}

/// Reads a file.
///
/// # Errors
/// When the bytes contradict the format.
pub fn read(bytes: &[u8]) -> Result<C3d, TableError> {
    if bytes.is_empty() {
        return Err(TableError::Empty);
    }
    let parameters = Parameters::read(bytes)?;
    let file = Bytes { bytes, processor: parameters.processor };
    let mut out = C3d::default();
    let layout = layout(&file, &parameters, &mut out.notes)?;
    let names = parameters.labels("POINT", layout.points, "point");
    let channel_names = parameters.labels("ANALOG", layout.channels, "channel");

    let other: Vec<String> = ["ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS"]
        .iter()
        .flat_map(|kind| parameters.texts("POINT", kind))
        .collect();
    let shown: Vec<usize> = (0..layout.points).filter(|&i| !other.contains(&names[i])).collect();
    out.markers.names = shown.iter().map(|&i| names[i].clone()).collect();
    let metres = match parameters.texts("POINT", "UNITS").first().map(|u| u.to_ascii_lowercase()).as_deref() {
        Some("mm") => 1e-3,
        Some("cm") => 1e-2,
        Some("m") => 1.0,
        Some("") | None => {
            out.notes.push("the file does not say the unit of its points: taken in millimetres".into());
            1e-3
        }
        Some(_) => return Err(error(0, "POINT:UNITS is none of mm, cm, m")),
    };
    let unit_of = |name: &String| match name.to_ascii_lowercase().as_str() {
        "n" => Unit::Newton,
        "nm" | "n.m" | "n*m" => Unit::NewtonMetre,
        _ => Unit::Unstated,
    };
    let units = parameters.texts("ANALOG", "UNITS");
    let unit = |i: usize| units.get(i).map_or(Unit::Unstated, unit_of);
    out.analog.name = "analog".into();
    out.analog.columns = channel_names
        .into_iter()
        .enumerate()
        .map(|(i, name)| Column { name, unit: unit(i), values: Vec::new() })
        .collect();
    read_frames(&file, &parameters, &layout, &shown, metres, &mut out)?;
    out.platforms = platforms::read(&parameters, &out.analog, metres, &mut out.notes);
    Ok(out)
}

fn layout(file: &Bytes<'_>, parameters: &Parameters, notes: &mut Vec<String>) -> Result<Layout, TableError> {
    let word = |index: usize| file.word(2 * (index - 1)).map(usize::from);
    let number = |group: &str, name: &str| parameters.numbers(group, name).first().copied();
    let count = |group: &str, name: &str, header: Option<usize>| -> Result<usize, TableError> {
        match number(group, name) {
            // Counts are unsigned 16-bit words, which some programs write as negative integers.
            Some(value) if value < 0.0 => Ok((value + 65536.0) as usize),
            Some(value) => Ok(value as usize),
            None => header.ok_or(error(0, "the header is shorter than a block")),
        }
    };
    let points = count("POINT", "USED", word(2))?;
    if points > usize::from(u16::MAX) {
        return Err(error(2, "more than 65535 points"));
    }
    let per_frame = word(3).ok_or(error(4, "the header is shorter than a block"))?;
    let rate = number("POINT", "RATE").filter(|r| *r > 0.0).or_else(|| file.real(20)).unwrap_or(0.0);
    if !RATES.contains(&rate) {
        return Err(error(20, "POINT:RATE is not between 0.001 and 1000000 Hz"));
    }
    let channels = count("ANALOG", "USED", Some(0))?;
    if channels > usize::from(u16::MAX) {
        return Err(error(6, "more than 65535 analogue channels"));
    }
    let samples = match number("ANALOG", "RATE") {
        Some(analog) if channels > 0 && analog > 0.0 => (analog / rate).round() as usize,
        _ => word(10).unwrap_or(0),
    };
    let samples = if channels == 0 { 0 } else { samples.max(1) };
    if samples > usize::from(u16::MAX) {
        return Err(error(18, "more than 65535 analogue samples a frame"));
    }
    if channels * samples != per_frame && per_frame != 0 && channels != 0 {
        notes.push(format!(
            "the header counts {per_frame} analogue values a frame, the parameters {}",
            channels * samples
        ));
    }
    let scale = number("POINT", "SCALE").or_else(|| file.real(12)).unwrap_or(1.0);
    let block = count("POINT", "DATA_START", word(9))?;
    let first_byte = block.checked_sub(1).ok_or(error(16, "the data begin at block 0"))?.saturating_mul(512);
    let size = if scale < 0.0 { 4 } else { 2 };
    let frame_bytes = size * (4 * points + channels * samples);
    if frame_bytes == 0 {
        return Err(error(0, "neither points nor analogue channels"));
    }
    let there = file.bytes.len().saturating_sub(first_byte) / frame_bytes;
    let promised = frames_promised(file, parameters);
    let frames = match promised {
        Some(promised) if promised <= there => promised,
        Some(promised) => {
            notes.push(format!("the file promises {promised} frames and has {there}"));
            there
        }
        None => there,
    };
    if frames == 0 {
        return Err(error(first_byte.min(file.bytes.len()), "no frame of data"));
    }
    Ok(Layout { points, channels, samples, frames, first_byte, rate, scale })
}

/// The number of frames: from the trial's first and last field, which count beyond 65535, or the header's.
fn frames_promised(file: &Bytes<'_>, parameters: &Parameters) -> Option<usize> {
    let field = |name: &str| match parameters.numbers("TRIAL", name)[..] {
        [low, high, ..] => {
            let word = |v: f64| if v < 0.0 { v + 65536.0 } else { v };
            Some(word(low) + 65536.0 * word(high))
        }
        _ => None,
    };
    if let (Some(first), Some(last)) = (field("ACTUAL_START_FIELD"), field("ACTUAL_END_FIELD"))
        && last >= first
    {
        return Some(((last - first) as usize).saturating_add(1));
    }
    let (first, last) = (file.word(6)?, file.word(8)?);
    (last >= first && last != u16::MAX).then(|| usize::from(last - first) + 1)
}

fn read_frames(
    file: &Bytes<'_>,
    parameters: &Parameters,
    layout: &Layout,
    shown: &[usize],
    metres: f64,
    out: &mut C3d,
) -> Result<(), TableError> {
    let real = layout.scale < 0.0;
    let size = if real { 4 } else { 2 };
    let unsigned =
        parameters.texts("ANALOG", "FORMAT").first().is_some_and(|f| f.eq_ignore_ascii_case("unsigned"));
    let value = |at: usize, unsigned: bool| -> Result<f64, TableError> {
        let number = match (real, unsigned) {
            (true, _) => file.real(at),
            (false, true) => file.word(at).map(f64::from),
            (false, false) => file.word(at).map(|w| f64::from(w as i16)),
        };
        number.ok_or(error(at, "the data end in the middle of a frame"))
    };
    let general = parameters.numbers("ANALOG", "GEN_SCALE").first().copied().unwrap_or(1.0);
    let (scales, offsets) = (parameters.all("ANALOG", "SCALE"), parameters.all("ANALOG", "OFFSET"));
    let word = |v: f64| if unsigned && v < 0.0 { v + 65536.0 } else { v };
    let mut at = layout.first_byte;
    for frame in 0..layout.frames {
        out.markers.time.push(frame as f64 / layout.rate);
        for &point in shown {
            let place = at + 4 * size * point;
            let factor = metres * if real { 1.0 } else { layout.scale };
            let mut p = [0.0; 3];
            for (axis, p) in p.iter_mut().enumerate() {
                *p = value(place + axis * size, false)? * factor;
            }
            // The residual: its sign says whether the point was seen.
            let seen = value(place + 3 * size, false)? >= 0.0 && p.iter().all(|v| v.is_finite());
            out.markers.positions.push(seen.then_some(guywire_math::Vec3::from_array(p)));
        }
        at += 4 * size * layout.points;
        for sample in 0..layout.samples {
            let time = (frame * layout.samples + sample) as f64 / (layout.rate * layout.samples as f64);
            out.analog.time.push(time);
            for (channel, column) in out.analog.columns.iter_mut().enumerate() {
                let raw = value(at, unsigned)?;
                let offset = word(offsets.get(channel).copied().unwrap_or(0.0));
                let scale = scales.get(channel).copied().unwrap_or(1.0);
                column.values.push((raw - offset) * scale * general);
                at += size;
            }
        }
    }
    Ok(())
}
