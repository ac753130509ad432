//! Numbers of many bodies, and where they lie.

use super::Number;
use crate::results::{Quantiles, Spread};
use guywire_math::interval;
use std::collections::BTreeMap;

/// A row for every body; not a number where it has none.
#[derive(Debug)]
pub(super) struct Table {
    pub names: Vec<String>,
    pub rows: Vec<Vec<f64>>,
}

/// The numbers that were found, in the order of their names.
pub(super) fn row(names: &[String], found: &[Number]) -> Vec<f64> {
    let found: BTreeMap<&str, f64> = found.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    names.iter().map(|name| found.get(name.as_str()).copied().unwrap_or(f64::NAN)).collect()
}

impl Table {
    /// Where the numbers lie whose names begin so, told without this beginning; nothing where no body has all of them.
    pub fn spread(&self, beginning: &str) -> Option<Spread> {
        let columns: Vec<(usize, &str)> = self
            .names
            .iter()
            .enumerate()
            .filter_map(|(column, name)| Some((column, name.strip_prefix(beginning)?)))
            .collect();
        let has_all = |row: &&Vec<f64>| columns.iter().all(|(column, _)| row[*column].is_finite());
        let solved: Vec<&Vec<f64>> = self.rows.iter().filter(has_all).collect();
        if solved.is_empty() {
            return None;
        }
        let quantities = columns.iter().map(|(column, name)| {
            let [low90, median, high90] = interval(solved.iter().map(|row| row[*column]));
            Quantiles { quantity: (*name).to_owned(), low90, median, high90 }
        });
        Some(Spread {
            solved: solved.len(),
            unsolved: self.rows.len() - solved.len(),
            quantities: quantities.collect(),
            outlines: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_counts_where_it_has_numbers() {
        let names = ["a.x", "a.y", "b.x"].map(str::to_owned).to_vec();
        let number = |name: &str, value: f64| (name.to_owned(), value);
        let rows = vec![
            row(&names, &[number("b.x", 3.0), number("a.x", 1.0), number("a.y", 2.0), number("c", 9.0)]),
            row(&names, &[number("b.x", 5.0), number("a.y", 2.0)]),
        ];
        let table = Table { names, rows };
        let a = table.spread("a.").unwrap();
        assert_eq!((a.solved, a.unsolved), (1, 1));
        assert_eq!(a.of("x").map(|x| [x.low90, x.median, x.high90]), Some([1.0; 3]));
        let b = table.spread("b.").unwrap();
        assert_eq!((b.solved, b.of("x").map(|x| x.median)), (2, Some(4.0)));
        assert!(Table { names: vec!["x".into()], rows: vec![vec![f64::NAN]] }.spread("").is_none());
    }
}
