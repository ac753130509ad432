//! Formulas in text, as OpenSim's expression-based forces have them (the grammar of its parser, Lepton).
//!
//! ```text
//! 50*theta_z + 2*exp(-q/0.1) - k*s^2; k = 300
//! ```
//!
//! Operators `+ - * / ^` (the last from the right, and stronger than a leading minus), functions of one, two or three
//! arguments, and named parts after semicolons. A formula becomes a list of steps on a stack, so that it is read once
//! and evaluated without allocation, with exact derivatives.

use guywire_math::Real;

/// Why a text is no formula.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no formula: at character {at} {expected} was expected")]
pub struct ExpressionError {
    /// The text.
    pub text: String,
    /// Character, from 1.
    pub at: usize,
    /// What was expected there.
    pub expected: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Constant(f64),
    Variable(usize),
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Call(Name),
}

macro_rules! names {
    ($($name:ident $arguments:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(non_camel_case_types, reason = "the names are those of the formulas")]
        enum Name { $($name),* }
        const NAMES: &[(&str, Name, usize)] = &[$((stringify!($name), Name::$name, $arguments)),*];
    };
}
names! {
    sqrt 1, exp 1, log 1, sin 1, cos 1, sec 1, csc 1, tan 1, cot 1, asin 1, acos 1, atan 1, atan2 2, sinh 1, cosh 1,
    tanh 1, erf 1, erfc 1, step 1, delta 1, square 1, cube 1, recip 1, min 2, max 2, abs 1, floor 1, ceil 1, select 3,
}

/// Deepest nesting of a formula; more is refused.
const DEEPEST: usize = 64;
/// Deepest stack of a formula.
const STACK: usize = 2 * DEEPEST;
/// Longest list of steps; named parts may double at every use.
const LONGEST: usize = 10_000;

/// A formula of named variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    steps: Vec<Step>,
}

impl Expression {
    /// Reads a formula of these variables.
    ///
    /// # Errors
    /// When the text is no formula or names another variable.
    pub fn parse(text: &str, variables: &[&str]) -> Result<Self, ExpressionError> {
        let mut parts = Vec::new();
        let mut start = 0;
        let characters: Vec<char> = text.chars().collect();
        for (i, c) in characters.iter().enumerate() {
            if *c == ';' {
                parts.push(start..i);
                start = i + 1;
            }
        }
        parts.push(start..characters.len());
        let mut parser =
            Parser { text, characters: &characters, variables, named: Vec::new(), at: 0, end: 0 };
        // A part may use the ones behind it.
        for part in parts.iter().skip(1).rev() {
            (parser.at, parser.end) = (part.start, part.end);
            if parser.peek().is_none() {
                continue;
            }
            let name = parser.word().ok_or_else(|| parser.wrong("a name"))?;
            parser.expect('=')?;
            let steps = parser.whole()?;
            parser.named.push((name, steps));
        }
        (parser.at, parser.end) = (parts[0].start, parts[0].end);
        let steps = parser.whole()?;
        let expression = Self { steps };
        if expression.deepest() > STACK {
            return Err(parser.wrong("a simpler formula"));
        }
        Ok(expression)
    }

    /// The greatest number of values on the stack.
    fn deepest(&self) -> usize {
        let (mut depth, mut most) = (0usize, 0);
        for step in &self.steps {
            depth = match step {
                Step::Constant(_) | Step::Variable(_) => depth + 1,
                Step::Negate => depth,
                Step::Call(name) => depth + 1 - NAMES.iter().find(|n| n.1 == *name).map_or(1, |n| n.2),
                _ => depth - 1,
            };
            most = most.max(depth);
        }
        most
    }

    /// The value where the variables have these values.
    pub fn at<T: Real>(&self, variables: &[T]) -> T {
        let mut stack = [T::zero(); STACK];
        let mut top = 0;
        for step in &self.steps {
            match *step {
                Step::Constant(value) => {
                    stack[top] = T::lift(value);
                    top += 1;
                }
                Step::Variable(index) => {
                    stack[top] = variables[index];
                    top += 1;
                }
                Step::Negate => stack[top - 1] = -stack[top - 1],
                Step::Call(Name::select) => {
                    top -= 2;
                    let chosen = if stack[top - 1].value() != 0.0 { top } else { top + 1 };
                    stack[top - 1] = stack[chosen];
                }
                Step::Call(name @ (Name::atan2 | Name::min | Name::max)) => {
                    top -= 1;
                    let (a, b) = (stack[top - 1], stack[top]);
                    stack[top - 1] = match name {
                        Name::atan2 => a.atan2(b),
                        Name::min => {
                            if b.value() < a.value() {
                                b
                            } else {
                                a
                            }
                        }
                        _ => a.max(b),
                    };
                }
                Step::Call(name) => stack[top - 1] = call(name, stack[top - 1]),
                Step::Add | Step::Subtract | Step::Multiply | Step::Divide | Step::Power => {
                    top -= 1;
                    let (a, b) = (stack[top - 1], stack[top]);
                    stack[top - 1] = match step {
                        Step::Add => a + b,
                        Step::Subtract => a - b,
                        Step::Multiply => a * b,
                        Step::Divide => a / b,
                        _ => power(a, b),
                    };
                }
            }
        }
        stack[0]
    }
}

/// `a^b` with exact derivatives also where `a` is not positive and `b` is constant.
fn power<T: Real>(a: T, b: T) -> T {
    let (x, y) = (a.value(), b.value());
    let value = libm::pow(x, y);
    let by_base = if y == 0.0 { 0.0 } else { y * libm::pow(x, y - 1.0) };
    let by_exponent = if x > 0.0 { value * libm::log(x) } else { 0.0 };
    a.chain(value, by_base) + b.chain(0.0, by_exponent)
}

fn call<T: Real>(name: Name, x: T) -> T {
    let v = x.value();
    let (value, slope) = match name {
        Name::sqrt => return x.sqrt(),
        Name::exp => return x.exp(),
        Name::log => return x.ln(),
        Name::sin => return x.sin(),
        Name::cos => return x.cos(),
        Name::sec => return T::one() / x.cos(),
        Name::csc => return T::one() / x.sin(),
        Name::tan => return x.sin() / x.cos(),
        Name::cot => return x.cos() / x.sin(),
        Name::asin => (libm::asin(v), 1.0 / libm::sqrt(1.0 - v * v)),
        Name::acos => (libm::acos(v), -1.0 / libm::sqrt(1.0 - v * v)),
        Name::atan => (libm::atan(v), 1.0 / (1.0 + v * v)),
        Name::sinh => (libm::sinh(v), libm::cosh(v)),
        Name::cosh => (libm::cosh(v), libm::sinh(v)),
        Name::tanh => {
            let t = libm::tanh(v);
            (t, 1.0 - t * t)
        }
        Name::erf => (libm::erf(v), core::f64::consts::FRAC_2_SQRT_PI * libm::exp(-v * v)),
        Name::erfc => (libm::erfc(v), -core::f64::consts::FRAC_2_SQRT_PI * libm::exp(-v * v)),
        Name::step => (if v >= 0.0 { 1.0 } else { 0.0 }, 0.0),
        Name::delta => (if v == 0.0 { 1.0 } else { 0.0 }, 0.0),
        Name::square => return x * x,
        Name::cube => return x * x * x,
        Name::recip => return T::one() / x,
        Name::abs => (v.abs(), if v < 0.0 { -1.0 } else { 1.0 }),
        Name::floor => (libm::floor(v), 0.0),
        Name::ceil => (libm::ceil(v), 0.0),
        // Functions of several arguments are evaluated on the stack.
        Name::atan2 | Name::min | Name::max | Name::select => (v, 1.0),
    };
    x.chain(value, slope)
}

struct Parser<'a> {
    text: &'a str,
    characters: &'a [char],
    variables: &'a [&'a str],
    named: Vec<(String, Vec<Step>)>,
    at: usize,
    end: usize,
}

impl Parser<'_> {
    fn wrong(&self, expected: &str) -> ExpressionError {
        ExpressionError { text: self.text.into(), at: self.at + 1, expected: expected.into() }
    }

    fn peek(&mut self) -> Option<char> {
        while self.at < self.end && self.characters[self.at].is_whitespace() {
            self.at += 1;
        }
        (self.at < self.end).then(|| self.characters[self.at])
    }

    fn expect(&mut self, wanted: char) -> Result<(), ExpressionError> {
        if self.peek() == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        Err(self.wrong(&format!("`{wanted}`")))
    }

    fn word(&mut self) -> Option<String> {
        let first = self.peek()?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        let start = self.at;
        while self.at < self.end
            && (self.characters[self.at].is_alphanumeric() || self.characters[self.at] == '_')
        {
            self.at += 1;
        }
        Some(self.characters[start..self.at].iter().collect())
    }

    fn whole(&mut self) -> Result<Vec<Step>, ExpressionError> {
        let mut steps = Vec::new();
        self.sum(&mut steps, 0, 0)?;
        if self.peek().is_some() {
            return Err(self.wrong("an operator or the end"));
        }
        Ok(steps)
    }

    /// Operators at least as strong as `weakest`: 0 for `+ -`, 1 for `* /`, 3 for `^`.
    fn sum(&mut self, steps: &mut Vec<Step>, weakest: u8, depth: usize) -> Result<(), ExpressionError> {
        if depth > DEEPEST || steps.len() > LONGEST {
            return Err(self.wrong("a simpler formula"));
        }
        self.atom(steps, depth)?;
        while let Some(c) = self.peek() {
            let (step, strength) = match c {
                '+' => (Step::Add, 0),
                '-' => (Step::Subtract, 0),
                '*' => (Step::Multiply, 1),
                '/' => (Step::Divide, 1),
                '^' => (Step::Power, 3),
                _ => break,
            };
            if strength < weakest {
                break;
            }
            self.at += 1;
            // What stands right of `^` may itself hold a `^`, of the others only something stronger.
            let right = if c == '^' { strength } else { strength + 1 };
            self.sum(steps, right, depth + 1)?;
            steps.push(step);
        }
        Ok(())
    }

    fn atom(&mut self, steps: &mut Vec<Step>, depth: usize) -> Result<(), ExpressionError> {
        let Some(c) = self.peek() else {
            return Err(self.wrong("a number, a name or `(`"));
        };
        if c == '(' {
            self.at += 1;
            self.sum(steps, 0, depth + 1)?;
            return self.expect(')');
        }
        if c == '-' {
            self.at += 1;
            self.sum(steps, 2, depth + 1)?;
            steps.push(Step::Negate);
            return Ok(());
        }
        if c.is_ascii_digit() || c == '.' {
            steps.push(Step::Constant(self.number()?));
            return Ok(());
        }
        let start = self.at;
        let Some(word) = self.word() else {
            return Err(self.wrong("a number, a name or `(`"));
        };
        if self.peek() == Some('(') {
            let Some(&(_, name, arguments)) = NAMES.iter().find(|n| n.0 == word) else {
                self.at = start;
                return Err(self.wrong("a known function"));
            };
            self.at += 1;
            for i in 0..arguments {
                if i > 0 {
                    self.expect(',')?;
                }
                self.sum(steps, 0, depth + 1)?;
            }
            self.expect(')')?;
            steps.push(Step::Call(name));
            return Ok(());
        }
        if let Some(index) = self.variables.iter().position(|v| *v == word) {
            steps.push(Step::Variable(index));
        } else if let Some((_, part)) = self.named.iter().find(|n| n.0 == word) {
            if steps.len() + part.len() > LONGEST {
                return Err(self.wrong("a shorter formula"));
            }
            steps.extend_from_slice(part);
        } else {
            self.at = start;
            return Err(self.wrong(&format!("one of {}", self.variables.join(", "))));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<f64, ExpressionError> {
        let start = self.at;
        let digit = |i: usize| i < self.end && self.characters[i].is_ascii_digit();
        let mut i = self.at;
        while digit(i) || (i < self.end && self.characters[i] == '.') {
            i += 1;
        }
        if i < self.end && matches!(self.characters[i], 'e' | 'E') {
            let sign = usize::from(i + 1 < self.end && matches!(self.characters[i + 1], '+' | '-'));
            if digit(i + 1 + sign) {
                i += 1 + sign;
                while digit(i) {
                    i += 1;
                }
            }
        }
        let text: String = self.characters[start..i].iter().collect();
        let value = text.parse().map_err(|_| self.wrong("a number"))?;
        self.at = i;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guywire_math::Dual;

    #[test]
    fn formulas_mean_what_lepton_makes_of_them() {
        for (text, value) in [
            ("1+2*3", 7.0),
            ("-2^2", -4.0),
            ("2^3^2", 512.0),
            ("2-3-4", -5.0),
            ("12/3/2", 2.0),
            ("-3*2", -6.0),
            ("2*-3", -6.0),
            ("(1+2)*3", 9.0),
            ("1.5e+1 + .5e0", 15.5),
            ("a*k + k; k = 3*m; m = 2", 18.0),
            ("min(3, a) + max(-1, a)", 4.0),
            ("select(a-2, 5, 7) + step(-0.1) + abs(-a)", 9.0),
            ("square(a)+cube(a)+recip(a)+sqrt(4)", 14.5),
            ("exp(0)+log(1)+sin(0)+atan2(0,1)+erf(0)+tanh(0)", 1.0),
        ] {
            let expression = Expression::parse(text, &["a"]).unwrap();
            assert!((expression.at(&[2.0]) - value).abs() < 1e-14, "{text}: {}", expression.at(&[2.0]));
        }
    }

    #[test]
    fn derivatives_equal_central_differences() {
        let text =
            "a^3*exp(-b) + a^b + sin(a*b)/cosh(b) - acos(a/9)*tan(b) + atan2(a, b) + erf(b)*cot(a) + b^2";
        let expression = Expression::parse(text, &["a", "b"]).unwrap();
        let (a, b, h) = (1.3, 0.7, 1e-6);
        let exact = expression.at(&[Dual::<2>::variable(a, 0), Dual::<2>::variable(b, 1)]);
        let da = (expression.at(&[a + h, b]) - expression.at(&[a - h, b])) / (2.0 * h);
        let db = (expression.at(&[a, b + h]) - expression.at(&[a, b - h])) / (2.0 * h);
        assert!((exact.slope[0] - da).abs() < 1e-8 && (exact.slope[1] - db).abs() < 1e-8);
    }

    #[test]
    fn what_is_no_formula_is_refused() {
        let nested = "(".repeat(500) + "1" + &")".repeat(500);
        let doubling: String =
            (0..60).map(|i| format!("; x{i} = x{0}+x{0}", i + 1)).collect::<String>() + "; x60 = a*a*a*a";
        let doubling = format!("x0{doubling}");
        for text in
            ["", "1+", "foo(1)", "b", "1 2", "min(1)", "(1", "1.2.3", "a;=", "a; 3=4", &nested, &doubling]
        {
            assert!(Expression::parse(text, &["a"]).is_err(), "{text}");
        }
        let error = Expression::parse("2*thetaz", &["theta_z"]).unwrap_err();
        assert_eq!(error.to_string(), "`2*thetaz` is no formula: at character 3 one of theta_z was expected");
    }
}
