//! Results as SVG figures and one self-contained HTML page.
