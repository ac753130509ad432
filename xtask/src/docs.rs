//! The pages against the tree: links that lead somewhere, and a line for every dependency.

use crate::source::{files, read};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;

/// Everything that does not hold.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut pages = files(&root.join("docs"), "md")?;
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    let mut problems = Vec::new();
    for page in &pages {
        let shown = page.strip_prefix(root)?.display();
        let folder = page.parent().unwrap_or(root);
        for target in links(&read(page)?) {
            if !folder.join(target.split('#').next().unwrap_or_default()).exists() {
                problems.push(format!("{shown}: the link to {target} leads nowhere"));
            }
        }
    }
    let page = read(&root.join("docs/dependencies.md"))?;
    let mut manifests = vec![root.join("Cargo.toml"), root.join("xtask/Cargo.toml")];
    manifests.extend(files(&root.join("crates"), "toml")?.into_iter().filter(|f| f.ends_with("Cargo.toml")));
    let mut used = BTreeSet::new();
    for manifest in manifests {
        used.extend(dependencies(&read(&manifest)?)?);
    }
    let listed = listed(&page);
    problems.extend(used.difference(&listed).map(|d| format!("docs/dependencies.md says nothing of {d}")));
    problems
        .extend(listed.difference(&used).map(|d| format!("docs/dependencies.md: nothing depends on {d}")));
    Ok(problems)
}

/// Targets of the links of a page, but for those to other hosts and within the page.
fn links(page: &str) -> Vec<&str> {
    let ends = page.match_indices("](").filter_map(|(k, _)| page[k + 2..].split(')').next());
    ends.filter(|t| !t.contains("://") && !t.starts_with('#')).collect()
}

/// Names of all dependencies outside this workspace.
fn dependencies(manifest: &str) -> Result<BTreeSet<String>> {
    let table: toml::Table = manifest.parse()?;
    let shared = table.get("workspace").and_then(|w| w.get("dependencies"));
    let own = ["dependencies", "dev-dependencies", "build-dependencies"].iter().filter_map(|s| table.get(*s));
    let tables = shared.into_iter().chain(own).filter_map(toml::Value::as_table);
    let names = tables.flat_map(|t| t.keys()).filter(|n| !n.starts_with("guywire"));
    Ok(names.cloned().collect())
}

/// Crates that have a row of a table: `| name | …`, the name in backticks.
fn listed(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    rows.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_tree_are_found() {
        let page = "[a](b.md) ![p](../x.svg) [c](https://d.e/) [f](#g) [h](i.md#j)";
        assert_eq!(links(page), ["b.md", "../x.svg", "i.md#j"]);
    }

    #[test]
    fn dependencies_are_those_of_all_sections() {
        let manifest =
            "[workspace.dependencies]\nguywire = \"1\"\nserde = \"1\"\n[dev-dependencies]\nflate2 = \"1\"";
        let names: Vec<String> = dependencies(manifest).unwrap().into_iter().collect();
        assert_eq!(names, ["flate2", "serde"]);
        assert_eq!(listed("| `serde` | x |\n| other |").len(), 1);
    }
}
