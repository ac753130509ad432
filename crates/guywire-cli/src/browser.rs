//! PDF: a browser on this machine prints the page as a person would. The page has no scripts and asks the network for nothing.

use crate::failure::Failure;
use crate::written;
use anyhow::{Context, anyhow};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The variable that names the program.
const CHOSEN: &str = "GUYWIRE_BROWSER";
/// Programs that print without a window, as they are called on the search path.
const NAMES: [&str; 9] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chrome-headless-shell",
    "msedge",
    "microsoft-edge",
    "brave-browser",
];
/// Where they are on systems that keep them off the search path.
const PLACES: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];
/// Nothing is looked up, updated or sent.
const QUIET: [&str; 9] = [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
];

/// A browser that prints.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
}

/// The browser that the environment names, or one that is found.
pub fn find() -> Result<Browser, Failure> {
    if let Some(chosen) = std::env::var_os(CHOSEN) {
        let program = PathBuf::from(&chosen);
        let found = program.is_file().then_some(program).or_else(|| on_path(Path::new(&chosen)));
        return found.map(|program| Browser { program }).ok_or_else(|| {
            Failure::Input(format!("error: {CHOSEN} is `{}`, and there is no such program", chosen.display()))
        });
    }
    let found = NAMES.iter().find_map(|name| on_path(Path::new(name)));
    let found = found.or_else(|| PLACES.iter().map(PathBuf::from).find(|place| place.is_file()));
    found.map(|program| Browser { program }).ok_or_else(|| {
        Failure::Input(format!(
            "error: a PDF is printed by Chromium, Chrome or Edge, and none is found here\n\
             name one with {CHOSEN}, or print the HTML page from any browser"
        ))
    })
}

fn on_path(name: &Path) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let name = name.with_extension(std::env::consts::EXE_EXTENSION);
    std::env::split_paths(&folders).map(|folder| folder.join(&name)).find(|program| program.is_file())
}

impl Browser {
    /// Prints a page on A4.
    pub fn print(&self, page: &Path, pdf: &Path) -> Result<(), Failure> {
        let profile = std::env::temp_dir().join(format!("guywire-print-{}", std::process::id()));
        let printed = self.run(page, pdf, &profile);
        // A profile of its own, so that a window that is open does not matter; it holds nothing worth keeping.
        let _ = std::fs::remove_dir_all(&profile);
        printed
    }

    /// Prints the text of a page.
    pub fn print_text(&self, page: &str, pdf: &Path) -> Result<(), Failure> {
        let file = std::env::temp_dir().join(format!("guywire-page-{}.html", std::process::id()));
        written::private(&file, page)?;
        let printed = self.print(&file, pdf);
        let _ = std::fs::remove_file(&file);
        printed
    }

    fn run(&self, page: &Path, pdf: &Path, profile: &Path) -> Result<(), Failure> {
        let shown = self.program.display();
        let page = std::path::absolute(page).with_context(|| format!("cannot find `{}`", page.display()))?;
        let pdf = std::path::absolute(pdf).with_context(|| format!("cannot write `{}`", pdf.display()))?;
        if pdf.exists() {
            std::fs::remove_file(&pdf).with_context(|| format!("cannot write `{}`", pdf.display()))?;
        }
        let print = |more: &[&str]| -> Result<Output, Failure> {
            let mut command = Command::new(&self.program);
            command.args(QUIET).args(more).arg(format!("--user-data-dir={}", profile.display()));
            command.arg(format!("--print-to-pdf={}", pdf.display())).arg(address(&page));
            Ok(command.output().with_context(|| format!("cannot start `{shown}`"))?)
        };
        let mut output = print(&[])?;
        // As root, in a container, browsers refuse their sandbox; the page is our own and runs nothing.
        if !pdf.exists() && String::from_utf8_lossy(&output.stderr).contains("no-sandbox") {
            output = print(&["--no-sandbox"])?;
        }
        if pdf.exists() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(anyhow!("`{shown}` did not print the page ({}): {said}", output.status).into())
    }
}

/// A file's address; what an address reserves is written as its bytes.
fn address(file: &Path) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.~:".contains(&b);
    let text = file.to_string_lossy().replace('\\', "/");
    let bytes = text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") });
    let path: String = bytes.collect();
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_names_apart() {
        assert_eq!(address(Path::new("/a/Ada #1?.html")), "file:///a/Ada%20%231%3F.html");
        assert_eq!(address(Path::new("C:/r/ü.html")), "file:///C:/r/%C3%BC.html");
    }

    #[test]
    fn a_program_that_prints_nothing_is_told() {
        let folder = std::env::temp_dir().join("guywire-browser-test");
        std::fs::create_dir_all(&folder).unwrap();
        let none = Browser { program: folder.join("none") };
        let Err(Failure::Other(problem)) = none.print(Path::new("page.html"), &folder.join("p.pdf")) else {
            panic!("it printed");
        };
        assert!(problem.to_string().contains("cannot start"), "{problem}");
    }
}
