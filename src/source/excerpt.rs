//! An error with the line it stands in.

use crate::error::Error;
use crate::error::ErrorKind;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// How to show an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With terminal colours.
    Colour,
}

/// The error as several lines: title, `path:line:column`, the source line with the place marked, advice.
pub fn render(error: &Error, style: Style) -> String {
    let title = error.title();
    let heading = Level::ERROR.primary_title(&title);
    let mut report = Vec::new();
    let group = match error.span {
        Some(span) if !error.source.is_empty() => {
            let length = error.source.len();
            let start = (span.start as usize).min(length);
            let end = (span.end as usize).clamp(start, length);
            let snippet = Snippet::source(&*error.source)
                .path(&*error.path)
                .annotation(AnnotationKind::Primary.span(start..end));
            heading.element(snippet)
        }
        _ => heading.element(Level::NOTE.message(format!("in {}", error.path))),
    };
    let group = match &error.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    report.push(group);
    match style {
        Style::Plain => Renderer::plain().render(&report),
        Style::Colour => Renderer::styled().render(&report),
    }
}

/// A syntax error as CPython prints it when asked to run the file: place, line, carets, class and message. `None` for what
/// is no syntax error.
pub fn cpython(error: &Error) -> Option<String> {
    let ErrorKind::Syntax(_) = error.kind else {
        return None;
    };
    let mut out = String::new();
    if let (Some(span), Some((line, _))) = (error.span, error.position()) {
        out.push_str(&format!("  File \"{}\", line {line}\n", error.path));
        let start = error.source[..span.start as usize]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let rest = &error.source[start..];
        let text = rest.lines().next().unwrap_or_default().trim_end();
        let shown = text.trim_start_matches([' ', '\t', '\x0c']);
        out.push_str(&format!("    {shown}\n"));
        let indent = text.len() - shown.len();
        let from = span.start as usize - start;
        let to = (span.end as usize - start).min(text.len().max(from));
        if from >= indent {
            let blank = shown.get(..from - indent).unwrap_or(shown).chars().count();
            let marked = text
                .get(from..to)
                .map_or(0, |text| text.chars().count())
                .max(1);
            out.push_str(&format!(
                "    {}{}\n",
                " ".repeat(blank),
                "^".repeat(marked)
            ));
        }
    }
    out.push_str(&format!("{}\n", error.title()));
    Some(out)
}
