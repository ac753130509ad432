//! Readers of tables: the dialects in the wild, every mistake with its place, and no bytes that break them.

use guywire_osim::table::{Format, MarkerTable, Table, TableError};
use proptest::prelude::*;

fn sto(text: &str) -> Result<Table, TableError> {
    Table::read(text.as_bytes(), Format::Sto)
}

fn columns(table: &Table) -> Vec<(&str, Vec<f64>)> {
    table.columns.iter().map(|c| (c.name.as_str(), c.values.clone())).collect()
}

/// The same two rows in every dialect.
#[test]
fn dialects_of_sto_give_the_same_table() {
    let version_1 = "walk\nversion=1\nnRows=2\nnColumns=3\ninDegrees=yes\n\nUnits are S.I. units\nendheader\n\
                     time\ta\tb\n      0.10000000\t      1.5\t -2\n 0.2\t3\t4e0\n";
    let expected = sto(version_1).unwrap();
    assert_eq!(expected.time, [0.1, 0.2]);
    assert_eq!(columns(&expected), [("a", vec![1.5, 3.0]), ("b", vec![-2.0, 4.0])]);
    assert_eq!((expected.name.as_str(), expected.in_degrees), ("walk", Some(true)));
    assert!(expected.notes.is_empty(), "{:?}", expected.notes);
    let others = [
        version_1.replace('\n', "\r\n"),
        version_1.replace('\n', "\r"),
        format!("\u{feff}{version_1}"),
        version_1.replace('\n', "\t\t\n"),
        "a name\nnRows 2\nnColumns 3\ninDegrees yes\nendheader\n\n\n  time a b\n0.1 1.5 -2\n\n0.2 3 4\n".into(),
        "DataType=double\nversion=3\nOpenSimVersion=4.6\ninDegrees=yes\nendheader\ntime\ta\tb\n0.1\t1.5\t-2\n0.2\t3\t4"
            .into(),
        "name walk\ndatacolumns 3\ndatarows 2\notherdata 1\nrange 0.1 0.2\nAngles are in degrees.\nendheader\n\
         time\ta\tb\n0.1\t1.5\t-2\n0.2\t3\t4\n"
            .into(),
        "inDegrees=yes\ntime,a,b\n0.1,1.5,-2\n0.2, 3, 4\n".into(),
        "# a comment\nwalk\ninDegrees=yes\nendheader\nTime\ta\tb\n0.1\t1.5\t-2\n# a comment\n0.2 3 4\n".into(),
        "walk\nnColumns=3\ninDegrees=yes\nendheader\ntime\ta b\n0.1\t1.5\t-2\n0.2 3\t\t4\n".into(),
        "walk\nversion=1\ninDegrees=yes\nAngles are in radians.\nendheader\ntime\ta\tb\n0.1\t1.5\t-2\n0.2\t3\t4\n".into(),
        "walk\ninDegrees=yes\nendheader\na\ttime\tb\n1.5\t0.1\t-2\n3\t0.2\t4\n".into(),
        "walk\ninDegrees=yes\nendheader\ntime (s)\ta\tb\n0.1\t9\t9\n0.1\t1.5\t-2\n0.2\t3\t4\n".into(),
    ];
    for text in others {
        let table = sto(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!((&table.time, columns(&table)), (&expected.time, columns(&expected)), "{text}");
        assert_eq!(table.in_degrees, Some(true), "{text}");
    }
}

#[test]
fn a_csv_needs_no_header() {
    let table = Table::read(b"time,a,b\n0.1,1.5,\n0.2,,4\n", Format::Csv).unwrap();
    assert_eq!(table.columns[0].values[0], 1.5);
    assert!(table.columns[0].values[1].is_nan() && table.columns[1].values[0].is_nan());
}

#[test]
fn angles_of_a_mot_without_version_are_degrees() {
    let text = b"walk\nnRows=1\nnColumns=2\nendheader\ntime a\n0 1\n";
    let mot = Table::read(text, Format::Mot).unwrap();
    assert_eq!((mot.in_degrees, mot.notes.len()), (Some(true), 1));
    assert_eq!(Table::read(text, Format::Sto).unwrap().in_degrees, None);
}

#[test]
fn cells_of_several_numbers_become_columns() {
    let table =
        sto("DataType=Vec3\nversion=3\nendheader\ntime\tHeel\tToe\n0\t1,2,3\t4,5,6\n1\t7,8,9\t\n").unwrap();
    let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Heel_x", "Heel_y", "Heel_z", "Toe_x", "Toe_y", "Toe_z"]);
    assert_eq!(table.columns[5].values[0], 6.0);
    assert!(table.columns[5].values[1].is_nan());
    let quaternion = sto("DataType=Quaternion\nendheader\ntime\tq\n0\t~[1,2,3,4]\n").unwrap();
    assert_eq!(quaternion.columns[3].name, "q_4");
    assert_eq!(quaternion.columns[3].values, [4.0]);
}

#[test]
fn numbers_in_every_spelling() {
    let table =
        sto("x\nendheader\ntime\ta\n0\tNaN\n1\t-nan(ind)\n2\t1.#QNAN\n3\t-1.#INF\n4\t1E+3\n5\t.5\n").unwrap();
    let values = &table.columns[0].values;
    assert!(values[..3].iter().all(|v| v.is_nan()));
    assert_eq!(values[3..], [f64::NEG_INFINITY, 1000.0, 0.5]);
}

#[test]
fn errors_point_at_the_place() {
    let cases: [(&str, &str); 9] = [
        ("", "the file is empty"),
        ("x\nendheader\ntime\ta\n0\tone\n", "line 4, column 2 (`a`): `one` is not a number"),
        ("x\nendheader\ntime\ta\n0\t1\t2\n", "line 4: 3 cells where the column names promise 2"),
        ("x\nendheader\ntime\ta\tb\n0\t1\n", "line 4: 2 cells where the column names promise 3"),
        ("x\nendheader\ntime\ta\n1\t1\n0\t1\n", "line 5: time 0 s does not come after 1 s"),
        ("x\nendheader\nframe\ta\n1\t1\n", "line 3: no column is named `time` and the header has no `range`"),
        ("x\nnRows=many\n", "line 2: the number of rows is `many`; expected a whole number"),
        ("x\nendheader\ntime\ta\n", "line 3: no rows follow the column names"),
        ("x\n1 2 3\n", "line 2: expected `endheader` or column names that begin with `time` before the data"),
    ];
    for (text, message) in cases {
        assert_eq!(sto(text).unwrap_err().to_string(), message);
    }
}

const TRC: &str = "PathFileType\t4\t(X/Y/Z)\twalk.trc\n\
    DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n\
    100\t100\t3\t2\tmm\t100\t1\t3\n\
    Frame#\tTime\tR Heel\t\t\tToe\t\t\n\
    \t\tX1\tY1\tZ1\tX2\tY2\tZ2\n\
    \n\
    1\t0.00\t1000\t2000\t-3000\t1\t2\t3\n\
    2\t0.01\t\t\t\t4\t5\t6\n\
    3\t0.02\t1000\t2000\t-3000\n";

#[test]
fn dialects_of_trc_give_the_same_markers() {
    let expected = MarkerTable::read_trc(TRC.as_bytes()).unwrap();
    assert_eq!(expected.names, ["R Heel", "Toe"]);
    assert_eq!(expected.time, [0.0, 0.01, 0.02]);
    assert_eq!(expected.frame(0)[0].unwrap().to_array(), [1.0, 2.0, -3.0]);
    assert!(expected.frame(1)[0].is_none() && expected.frame(2)[1].is_none());
    assert!(expected.notes.is_empty(), "{:?}", expected.notes);
    let others = [
        TRC.replace('\n', "\r\n"),
        TRC.replace("\n\n", "\n"),
        TRC.replace("R Heel\t\t\tToe\t\t\n", "R Heel\tToe\n"),
        TRC.replace("\t\t\t\t4", "\tNaN\tNaN\tNaN\t4"),
        TRC.replace("\t\t\t\t4", "\t0\t0\t0\t4"),
        TRC.replace('\n', "\t\n"),
    ];
    for text in others {
        let table = MarkerTable::read_trc(text.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(
            (&table.names, &table.time, &table.positions),
            (&expected.names, &expected.time, &expected.positions),
            "{text}"
        );
    }
    let metres = MarkerTable::read_trc(TRC.replace("\tmm\t", "\tm\t").as_bytes()).unwrap();
    assert_eq!(metres.frame(0)[0].unwrap().to_array(), [1000.0, 2000.0, -3000.0]);
}

#[test]
fn a_marker_at_the_origin_is_a_marker() {
    let near = TRC.replace("1\t2\t3\n", "0\t0\t0\n");
    let table = MarkerTable::read_trc(near.as_bytes()).unwrap();
    assert_eq!(table.frame(0)[1].unwrap().to_array(), [0.0; 3]);
}

#[test]
fn trc_errors_point_at_the_place() {
    let cases = [
        (String::new(), "the file is empty"),
        (TRC.replace("\tmm\t", "\tft\t"), "line 3: Units is `ft`; expected mm, cm or m"),
        (TRC.replace("\t5\t", "\tfive\t"), "line 8, column 7 (`Toe`): `five` is not a number"),
        (TRC.replace("\t3\n2", "\t3\t4\n2"), "line 7: 9 cells where the column names promise 8"),
    ];
    for (text, message) in cases {
        assert_eq!(MarkerTable::read_trc(text.as_bytes()).unwrap_err().to_string(), message);
    }
}

/// Lines that look like the parts of a table, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("endheader".to_owned()),
        Just("time\ta\tb".into()),
        Just("time a b".into()),
        Just("nRows=3".into()),
        Just("range 0 1".into()),
        Just("DataType=Vec3".into()),
        Just("DataType=Vec999999999".into()),
        Just("inDegrees=yes".into()),
        Just("Frame#\tTime\ta\t\t\tb".into()),
        Just("Rate\tNumMarkers\tUnits".into()),
        Just("100\t2\tmm".into()),
        Just("0\t1\t2".into()),
        Just("0.5 1 2".into()),
        Just("1\t1,2,3\t".into()),
        Just("2\t\t\t".into()),
        "[\\PC\\t]{0,20}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), text in pieces()) {
        for input in [bytes.as_slice(), text.as_bytes()] {
            for format in [Format::Sto, Format::Mot, Format::Csv] {
                if let Ok(table) = Table::read(input, format) {
                    let increasing = table.time.windows(2).all(|w| w[0] < w[1]);
                    prop_assert!(increasing && !table.time.is_empty());
                    prop_assert!(table.columns.iter().all(|c| c.values.len() == table.time.len()));
                }
            }
            if let Ok(table) = MarkerTable::read_trc(input) {
                prop_assert_eq!(table.positions.len(), table.time.len() * table.names.len());
            }
        }
    }

    #[test]
    fn what_is_written_reads_back(rows in prop::collection::vec(prop::array::uniform2(any::<f64>()), 1..20)) {
        let names = [("a".to_owned(), guywire_osim::table::Unit::Unstated), ("b".to_owned(), guywire_osim::table::Unit::Unstated)];
        let mut table = Table::with_columns("random", names);
        table.in_degrees = Some(false);
        for (i, row) in rows.iter().enumerate() {
            table.push_row(i as f64 * 0.1, row.iter().copied());
        }
        let again = Table::read(&table.to_sto(), Format::Sto).unwrap();
        prop_assert_eq!(&again.time, &table.time);
        for (a, b) in again.columns.iter().zip(&table.columns) {
            let same = a.values.iter().zip(&b.values).all(|(x, y)| x == y || x.is_nan() && y.is_nan());
            prop_assert!(same, "{:?} {:?}", a, b);
        }
        prop_assert_eq!(again.in_degrees, Some(false));
    }
}
