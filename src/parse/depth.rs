//! How deeply a source nests, from its tokens, before anything recurses over it.
//!
//! The parser, the compiler and even dropping a syntax tree recurse as deeply as the program nests, and nothing but the
//! stack's size would stop them. So nesting is bounded first: brackets and indentation where CPython bounds them, and the
//! sum of all nesting, chains of operators included (`a + b + c` nests to the left), by [`MAX_DEPTH`]. What is known to
//! be shallow, nearly everything, runs on the caller's stack; the rest on a thread with a large one.

use crate::error::SyntaxClass;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Nesting beyond which a program is refused.
pub const MAX_DEPTH: u32 = 4_000;
/// Nesting up to which the caller's stack is enough.
const SHALLOW: u32 = 48;
/// CPython's `MAXLEVEL`.
const MAX_BRACKETS: usize = 200;
/// CPython's `MAXINDENT`.
const MAX_INDENTS: u32 = 99;
/// CPython's `MAXFSTRINGLEVEL`.
const MAX_FSTRINGS: u32 = 149;
/// Room for [`MAX_DEPTH`] levels of the largest frames of an unoptimised build. Reserved, not committed.
const STACK: usize = 512 << 20;

/// An upper bound of how deeply a source's syntax tree nests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Depth(u32);

/// Why a source nests too deeply, in CPython's words where it has any.
pub struct TooDeep {
    /// CPython's exception class; `None` where the limit is raddle's own.
    pub class: Option<SyntaxClass>,
    /// What is too deep.
    pub message: &'static str,
    /// 1-based line, where known.
    pub line: u32,
}

/// Nesting inside one open bracket (or outside all).
#[derive(Clone, Copy, Default)]
struct Level {
    /// Operators since the last comma.
    chain: u32,
    /// `lambda`s, whose parameters have commas of their own.
    lambdas: u32,
}

/// Measures a source.
pub fn measure(source: &str) -> Result<Depth, TooDeep> {
    let mut lexer = lexer::lex(source, Mode::Module);
    let mut levels: Vec<Level> = Vec::new();
    let mut top = Level::default();
    // Sum over `levels`, each counting one for its bracket.
    let mut below = 0;
    let mut indents = 0;
    let mut fstrings = 0;
    let mut deepest = 0;
    let mut line = 1;
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return Ok(Depth(deepest)),
            TokenKind::Newline => {
                line += 1;
                levels.clear();
                (top, below) = (Level::default(), 0);
            }
            TokenKind::NonLogicalNewline => line += 1,
            TokenKind::Semi if levels.is_empty() => top = Level::default(),
            TokenKind::Comma => top.chain = 0,
            TokenKind::Lambda => top.lambdas += 1,
            TokenKind::Indent => {
                indents += 1;
                if indents > MAX_INDENTS {
                    return Err(TooDeep {
                        class: Some(SyntaxClass::Indentation),
                        message: "too many levels of indentation",
                        line,
                    });
                }
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            kind @ (TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart) => {
                if kind == TokenKind::FStringStart {
                    fstrings += 1;
                }
                if levels.len() >= MAX_BRACKETS + fstrings as usize || fstrings > MAX_FSTRINGS {
                    return Err(TooDeep {
                        class: Some(SyntaxClass::Syntax),
                        message: if fstrings > MAX_FSTRINGS {
                            "too many nested f-strings"
                        } else {
                            "too many nested parentheses"
                        },
                        line,
                    });
                }
                top.chain += 1;
                below += top.chain + top.lambdas + 1;
                levels.push(top);
                top = Level::default();
            }
            kind @ (TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd) => {
                if kind == TokenKind::FStringEnd {
                    fstrings = u32::saturating_sub(fstrings, 1);
                }
                if let Some(level) = levels.pop() {
                    top = level;
                    below -= top.chain + top.lambdas + 1;
                }
            }
            kind if nests(kind) => top.chain += 1,
            _ => {}
        }
        let depth = below + top.chain + top.lambdas + indents;
        deepest = deepest.max(depth);
        if depth > MAX_DEPTH {
            return Err(TooDeep {
                class: None,
                message: "this expression is too deeply nested",
                line,
            });
        }
    }
}

/// Tokens that may put one expression inside another without a bracket.
fn nests(kind: TokenKind) -> bool {
    kind.is_operator()
        || matches!(
            kind,
            TokenKind::And
                | TokenKind::Or
                | TokenKind::Not
                | TokenKind::In
                | TokenKind::Is
                | TokenKind::If
                | TokenKind::Else
                | TokenKind::Await
                | TokenKind::Yield
                | TokenKind::From
                | TokenKind::For
                | TokenKind::Dot
                | TokenKind::ColonEqual
        )
}

impl Depth {
    /// Whether any stack has room for it.
    pub fn is_shallow(self) -> bool {
        self.0 <= SHALLOW
    }

    /// Runs something that recurses over a tree of this depth, on a stack that has room for it.
    pub fn run<T: Send>(self, work: impl FnOnce() -> T + Send) -> T {
        if self.is_shallow() {
            return work();
        }
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work)
                .expect("a thread with a large stack can be started");
            match thread.join() {
                Ok(value) => value,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}
