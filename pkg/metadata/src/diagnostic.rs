//! What is wrong with a text, shown with the place underlined.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use flatrack_perms::Untrusted;

use crate::SourceText;
use crate::excerpt::Excerpt;

/// Whether the text is refused or something in it ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// the text is refused
    Error,
    /// something in it is ignored
    Warning,
}

/// A problem and its place. Everything in it is escaped when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// error or warning
    pub severity: Severity,
    /// what is wrong
    pub message: Box<str>,
    /// the text that it is in
    pub source: SourceText,
    /// the bytes that are wrong
    pub span: Range<usize>,
    /// what stands behind the underline
    pub label: Option<Box<str>>,
    /// what to do about it, on a line of its own
    pub hint: Option<Box<str>>,
}

impl Diagnostic {
    /// A problem; the span is brought inside the text and onto whole characters.
    pub(crate) fn new(
        severity: Severity,
        source: SourceText,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let start = source.text().floor_char_boundary(span.start);
        let end = source.text().ceil_char_boundary(span.end).max(start);
        let message = message.into().into();
        Self {
            severity,
            message,
            source,
            span: start..end,
            label: None,
            hint: None,
        }
    }

    /// Adds what stands behind the underline.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into().into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into());
        self
    }

    /// Adds `did you mean`, if there is something near.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.map(Into::into).or(self.hint);
        self
    }

    /// The line of the place, counted from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.source.line_of(self.span.start)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escape = |text: &str| Untrusted(text).to_string();
        let excerpt = Excerpt::new(self.source.text(), &self.span);
        let mut annotation = AnnotationKind::Primary.span(excerpt.span.clone());
        if let Some(label) = &self.label {
            annotation = annotation.label(escape(label));
        }
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let origin = Origin::path(escape(self.source.name()))
            .line(excerpt.line)
            .char_column(excerpt.column);
        let snippet = Snippet::source(&excerpt.text)
            .line_start(excerpt.line)
            .annotation(annotation);
        let title = level.primary_title(escape(&self.message));
        let report = Renderer::plain().render(&[title.element(origin).element(snippet)]);
        // the renderer takes the excerpt for a second place of the same file and draws a `:::` between them
        let lines: Vec<&str> = report.lines().filter(|line| line.trim() != ":::").collect();
        f.write_str(&lines.join("\n"))?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {}", escape(hint)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostic {}
