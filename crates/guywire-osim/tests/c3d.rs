//! C3D files of all three processors, as integers and as reals, built here from known numbers; and no bytes that break
//! the reader.

use guywire_osim::table::C3d;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Processor {
    Intel = 84,
    Dec = 85,
    Mips = 86,
}

struct Writer {
    processor: Processor,
    bytes: Vec<u8>,
}

impl Writer {
    fn word(&mut self, value: i16) {
        let bytes = if self.processor == Processor::Mips { value.to_be_bytes() } else { value.to_le_bytes() };
        self.bytes.extend(bytes);
    }
    fn real(&mut self, value: f32) {
        match self.processor {
            Processor::Intel => self.bytes.extend(value.to_le_bytes()),
            Processor::Mips => self.bytes.extend(value.to_be_bytes()),
            Processor::Dec => {
                let [a, b, c, d] = (value * 4.0).to_be_bytes();
                self.bytes.extend(if value == 0.0 { [0; 4] } else { [b, a, d, c] });
            }
        }
    }
    fn group(&mut self, id: i8, name: &str) {
        self.bytes.extend([name.len() as u8, id.wrapping_neg() as u8]);
        self.bytes.extend(name.as_bytes());
        self.word(3);
        self.bytes.push(0);
    }
    fn parameter(&mut self, id: i8, name: &str, kind: i8, dimensions: &[u8], data: impl FnOnce(&mut Self)) {
        self.bytes.extend([name.len() as u8, id as u8]);
        self.bytes.extend(name.as_bytes());
        let at = self.bytes.len();
        self.word(0);
        self.bytes.extend([kind as u8, dimensions.len() as u8]);
        self.bytes.extend(dimensions);
        data(self);
        self.bytes.push(0);
        let offset = (self.bytes.len() - at) as i16;
        let end = self.bytes.split_off(at);
        self.word(offset);
        self.bytes.extend(&end[2..]);
    }
    fn texts(&mut self, id: i8, name: &str, texts: &[&str]) {
        let width = 8;
        self.parameter(id, name, -1, &[width, texts.len() as u8], |w| {
            texts.iter().for_each(|t| w.bytes.extend(format!("{t:<8}").as_bytes()));
        });
    }
    fn words(&mut self, id: i8, name: &str, dimensions: &[u8], values: &[i16]) {
        self.parameter(id, name, 2, dimensions, |w| values.iter().for_each(|&v| w.word(v)));
    }
    fn reals(&mut self, id: i8, name: &str, dimensions: &[u8], values: &[f32]) {
        self.parameter(id, name, 4, dimensions, |w| values.iter().for_each(|&v| w.real(v)));
    }
}

const FRAMES: i16 = 3;
/// Two samples a frame of seven channels: a force platform and a switch.
const CHANNELS: usize = 7;

fn point(frame: i16, marker: i16, axis: i16) -> f32 {
    f32::from(100 * frame + 10 * marker + axis) * 0.5
}

fn channel(sample: i16, channel: i16) -> i16 {
    20 * sample + channel - 30
}

/// Two markers (the second unseen in frame 1), one platform of type `kind`.
fn file(processor: Processor, real: bool, kind: i16) -> Vec<u8> {
    let mut w = Writer { processor, bytes: vec![2, 0x50] };
    for value in [2, 2 * CHANNELS as i16, 1, FRAMES, 10] {
        w.word(value);
    }
    w.real(if real { -0.5 } else { 0.5 });
    w.word(6);
    w.word(2);
    w.real(50.0);
    w.bytes.resize(512, 0);
    w.bytes.extend([1, 0x50, 4, processor as u8]);
    w.group(1, "POINT");
    w.words(1, "USED", &[], &[2]);
    w.reals(1, "SCALE", &[], &[if real { -0.5 } else { 0.5 }]);
    w.reals(1, "RATE", &[], &[50.0]);
    w.words(1, "DATA_START", &[], &[6]);
    w.texts(1, "UNITS", &["mm"]);
    w.texts(1, "LABELS", &["Heel", "Toe"]);
    w.group(2, "ANALOG");
    w.words(2, "USED", &[], &[CHANNELS as i16]);
    w.reals(2, "RATE", &[], &[100.0]);
    w.reals(2, "GEN_SCALE", &[], &[2.0]);
    w.reals(2, "SCALE", &[CHANNELS as u8], &[0.25; CHANNELS]);
    w.words(2, "OFFSET", &[CHANNELS as u8], &[4; CHANNELS]);
    w.texts(2, "LABELS", &["Fx", "Fy", "Fz", "Mx", "My", "Mz", "switch"]);
    w.group(3, "FORCE_PLATFORM");
    w.words(3, "USED", &[], &[1]);
    w.words(3, "TYPE", &[1], &[kind]);
    w.words(3, "CHANNEL", &[6, 1], &[1, 2, 3, 4, 5, 6]);
    // Corners that turn the platform half round about y: x and z of the laboratory are minus its own.
    let corners = [0.0, 600.0, 0.0, 400.0, 600.0, 0.0, 400.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    w.reals(3, "CORNERS", &[3, 4, 1], &corners);
    w.reals(3, "ORIGIN", &[3, 1], &[1.0, 2.0, -40.0]);
    let mut matrix = [0.0; 36];
    for k in 0..6 {
        matrix[7 * k] = 3.0;
    }
    matrix[6] = 1.0; // row 0, column 1: Fx gets Fy
    w.reals(3, "CAL_MATRIX", &[6, 6, 1], &matrix);
    w.bytes.extend([0, 0]);
    assert!(w.bytes.len() <= 5 * 512);
    w.bytes.resize(5 * 512, 0);
    for frame in 0..FRAMES {
        for marker in 0..2 {
            let seen = !(frame == 1 && marker == 1);
            for axis in 0..3 {
                let value = if seen { point(frame, marker, axis) } else { 0.0 };
                if real { w.real(value) } else { w.word((value / 0.5) as i16) }
            }
            if real { w.real(if seen { 0.0 } else { -1.0 }) } else { w.word(if seen { 0 } else { -1 }) }
        }
        for sample in 0..2 {
            for c in 0..CHANNELS as i16 {
                let value = channel(2 * frame + sample, c);
                if real { w.real(f32::from(value)) } else { w.word(value) }
            }
        }
    }
    w.bytes
}

#[test]
fn every_processor_and_number_gives_the_same() {
    for processor in [Processor::Intel, Processor::Dec, Processor::Mips] {
        for real in [false, true] {
            let c3d = C3d::read(&file(processor, real, 2)).unwrap_or_else(|e| panic!("{processor:?}: {e}"));
            assert!(c3d.notes.is_empty(), "{:?}", c3d.notes);
            assert_eq!(c3d.markers.names, ["Heel", "Toe"]);
            assert_eq!(c3d.markers.time, [0.0, 0.02, 0.04]);
            for frame in 0..FRAMES {
                for marker in 0..2 {
                    let found = c3d.markers.frame(frame as usize)[marker as usize];
                    if frame == 1 && marker == 1 {
                        assert_eq!(found, None);
                        continue;
                    }
                    for (axis, value) in found.unwrap().to_array().into_iter().enumerate() {
                        let expected = f64::from(point(frame, marker, axis as i16)) * 1e-3;
                        assert!((value - expected).abs() < 1e-15, "{value} {expected}");
                    }
                }
            }
            assert_eq!(c3d.analog.time.len(), 6);
            assert_eq!(c3d.analog.columns[6].name, "switch");
            for sample in 0..6 {
                let expected = f64::from(channel(sample, 2) - 4) * 0.25 * 2.0;
                assert_eq!(c3d.analog.columns[2].values[sample as usize], expected);
            }
        }
    }
}

/// Force and moment by hand: axes from the corners, and the moment shifted from the sensor to the surface.
#[test]
fn platforms_of_moments_by_hand() {
    for kind in [2, 4] {
        let c3d = C3d::read(&file(Processor::Intel, true, kind)).unwrap();
        let platform = &c3d.platforms[0];
        let near = |a: guywire_math::Vec3<f64>, b: [f64; 3]| {
            let d = a - guywire_math::Vec3::from_array(b);
            assert!(d.norm() < 1e-12, "type {kind}: {a:?} {b:?}");
        };
        near(platform.center(), [0.2, 0.3, 0.0]);
        for sample in 0..6 {
            let raw = |c: i16| f64::from(channel(sample, c) - 4) * 0.5;
            let mut v: [f64; 6] = [0, 1, 2, 3, 4, 5].map(raw);
            if kind == 4 {
                v = [3.0 * v[0] + v[1], 3.0 * v[1], 3.0 * v[2], 3.0 * v[3], 3.0 * v[4], 3.0 * v[5]];
            }
            let r = [0.001, 0.002, -0.040];
            let m = [
                v[3] * 1e-3 + v[1] * r[2] - v[2] * r[1],
                v[4] * 1e-3 + v[2] * r[0] - v[0] * r[2],
                v[5] * 1e-3 + v[0] * r[1] - v[1] * r[0],
            ];
            // x points from corner 2 to corner 1 (−x of the laboratory), y from 4 to 1 (+y), so z points down.
            near(platform.force[sample as usize], [-v[0], v[1], -v[2]]);
            near(platform.moment[sample as usize], [-m[0], m[1], -m[2]]);
            // The force through the centre of pressure has no moment in the surface.
            let point = platform.center_of_pressure(sample as usize, 0.1).unwrap();
            let rest = platform.moment[sample as usize]
                - (point - platform.center()).cross(platform.force[sample as usize]);
            assert!(rest.x.abs() < 1e-12 && rest.y.abs() < 1e-12, "{rest:?}");
        }
    }
}

#[test]
fn errors_say_where() {
    let good = file(Processor::Intel, true, 2);
    let message = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        C3d::read(&bytes).unwrap_err().to_string()
    };
    assert_eq!(message(&|b| b.clear()), "the file is empty");
    assert_eq!(message(&|b| b[1] = 0), "byte 1: not the mark of a C3D file, 0x50");
    let processor = "byte 515: the processor is none of Intel (84), DEC (85), MIPS (86)";
    assert_eq!(message(&|b| b[515] = 7), processor);
    assert_eq!(message(&|b| b.truncate(2560)), "byte 2560: no frame of data");
    let short = C3d::read(&good[..good.len() - 1]).unwrap();
    assert_eq!(short.notes, ["the file promises 3 frames and has 2"]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        changes in prop::collection::vec((0usize..2700, any::<u8>()), 0..12),
        cut in 0usize..2800,
        processor in prop_oneof![Just(Processor::Intel), Just(Processor::Dec), Just(Processor::Mips)],
        real in any::<bool>(),
        kind in 0i16..6,
    ) {
        let mut bytes = file(processor, real, kind);
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(cut.max(4));
        if let Ok(c3d) = C3d::read(&bytes) {
            prop_assert_eq!(c3d.markers.positions.len(), c3d.markers.time.len() * c3d.markers.names.len());
            prop_assert!(c3d.markers.time.windows(2).all(|w| w[0] < w[1]));
        }
    }
}

/// The files of the fuzz corpus are those built here.
#[test]
fn the_corpus_has_every_processor() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/c3d");
    for processor in [Processor::Intel, Processor::Dec, Processor::Mips] {
        let name = format!("{processor:?}.c3d").to_lowercase();
        let bytes = std::fs::read(folder.join(&name)).unwrap_or_default();
        assert_eq!(bytes, file(processor, processor != Processor::Mips, 2), "{name}");
    }
}
