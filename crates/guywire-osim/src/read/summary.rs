//! What became of every object.

use super::Reader;
use crate::description::NodeId;
use crate::report::{Entry, Fate, ImportReport};

impl Reader<'_> {
    /// The report, by line.
    pub(super) fn report(&self) -> ImportReport {
        let mut remarks: Vec<(NodeId, Fate)> = self.remarks.borrow().clone();
        remarks.sort_by_key(|&(node, _)| node);
        let mut entries = Vec::with_capacity(self.components.all().len() + remarks.len());
        for &node in self.components.all() {
            let first = remarks.partition_point(|&(remarked, _)| remarked < node);
            let mut own = remarks[first..].iter().take_while(|&&(remarked, _)| remarked == node).peekable();
            if own.peek().is_none() {
                let read = self.read[node.0 as usize].get();
                entries.push(self.entry(node, if read { Fate::Used } else { Fate::Kept }));
            }
            entries.extend(own.map(|(_, fate)| self.entry(node, fate.clone())));
        }
        ImportReport { version: crate::upgrade::NEWEST, entries }
    }

    fn entry(&self, node: NodeId, fate: Fate) -> Entry {
        Entry {
            file: self.document.file_of(node).map(str::to_owned),
            line: self.document.line(node),
            class: self.document.name(node).to_owned(),
            name: self.document.attribute(node, "name").unwrap_or_default().to_owned(),
            fate,
        }
    }
}
