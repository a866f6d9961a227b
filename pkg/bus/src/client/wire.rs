//! Messages on the wire: calls with texts as arguments, and the replies to them. Little endian, as this machine is.

/// The longest message that is read.
pub(super) const MOST: usize = 1 << 20;
/// Bytes before the header's fields.
pub(super) const FIXED: usize = 16;

const METHOD_CALL: u8 = 1;
const METHOD_RETURN: u8 = 2;
const ERROR: u8 = 3;

/// A method of an object.
#[derive(Debug, Clone, Copy)]
pub struct Method<'a> {
    /// the bus name
    pub destination: &'a str,
    /// the object
    pub path: &'a str,
    /// the interface
    pub interface: &'a str,
    /// the method
    pub member: &'a str,
    /// its arguments (`s` each)
    pub arguments: &'a [&'a str],
}

/// The first value of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// none
    Nothing,
    /// a text (`s`)
    Text(String),
    /// texts (`as`)
    Texts(Vec<String>),
    /// bytes (`ay`)
    Bytes(Vec<u8>),
    /// a value of any type (`v`), which is not looked into
    Any,
    /// something that no question here has as answer
    Other,
}

/// A message from the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    /// the reply to the call of that serial
    Return(u32, Value),
    /// an error in reply to the call of that serial
    Error(u32, String),
    /// a signal or a call
    Other,
}

/// Writes a call.
pub(super) fn call(serial: u32, method: Method<'_>) -> Vec<u8> {
    let mut fields = Vec::new();
    for (code, kind, text) in [
        (1, b'o', method.path),
        (2, b's', method.interface),
        (3, b's', method.member),
        (6, b's', method.destination),
    ] {
        pad(&mut fields, 8);
        fields.extend([code, 1, kind, 0]);
        write_text(&mut fields, text);
    }
    if !method.arguments.is_empty() {
        pad(&mut fields, 8);
        fields.extend([8, 1, b'g', 0, method.arguments.len() as u8]);
        fields.extend(method.arguments.iter().map(|_| b's'));
        fields.push(0);
    }
    let mut body = Vec::new();
    for text in method.arguments {
        pad(&mut body, 4);
        write_text(&mut body, text);
    }
    let mut message = vec![b'l', METHOD_CALL, 0, 1];
    message.extend((body.len() as u32).to_le_bytes());
    message.extend(serial.to_le_bytes());
    message.extend((fields.len() as u32).to_le_bytes());
    message.extend(fields);
    pad(&mut message, 8);
    message.extend(body);
    message
}

fn write_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.push(0);
}

fn pad(bytes: &mut Vec<u8>, to: usize) {
    bytes.resize(bytes.len().next_multiple_of(to), 0);
}

/// The whole length of a message, by its first 16 bytes; `None` if it is none that can be read.
pub(super) fn length(fixed: &[u8; FIXED]) -> Option<usize> {
    if fixed[0] != b'l' || fixed[3] != 1 {
        return None;
    }
    let mut reader = Reader {
        bytes: fixed,
        at: 4,
    };
    let body = reader.u32()? as usize;
    reader.at = 12;
    let fields = reader.u32()? as usize;
    let header = FIXED.checked_add(fields)?.checked_next_multiple_of(8)?;
    header.checked_add(body).filter(|length| *length <= MOST)
}

/// Reads a whole message; `None` if it contradicts itself.
pub(super) fn parse(message: &[u8]) -> Option<Message> {
    let mut reader = Reader {
        bytes: message,
        at: 12,
    };
    let end = FIXED + reader.u32()? as usize;
    let (mut reply_to, mut error, mut signature) = (None, String::new(), String::new());
    while reader.at < end {
        reader.align(8);
        let code = reader.u8()?;
        let kind = reader.signature()?;
        match (code, kind.as_str()) {
            (5, "u") => reply_to = Some(reader.u32()?),
            (4, "s") => error = reader.text()?,
            (8, "g") => signature = reader.signature()?,
            (_, "u") => drop(reader.u32()?),
            (_, "s" | "o") => drop(reader.text()?),
            (_, "g") => drop(reader.signature()?),
            _ => return None,
        }
    }
    reader.align(8);
    Some(match (*message.get(1)?, reply_to) {
        (METHOD_RETURN, Some(serial)) => Message::Return(serial, reader.value(&signature)?),
        (ERROR, Some(serial)) => Message::Error(serial, error),
        _ => Message::Other,
    })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn align(&mut self, to: usize) {
        self.at = self.at.next_multiple_of(to);
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u32(&mut self) -> Option<u32> {
        self.align(4);
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = self.u32()? as usize;
        let text = String::from_utf8(self.take(length)?.to_vec()).ok()?;
        (self.u8()? == 0).then_some(text)
    }

    fn signature(&mut self) -> Option<String> {
        let length = self.u8()? as usize;
        let text = String::from_utf8(self.take(length)?.to_vec()).ok()?;
        (self.u8()? == 0).then_some(text)
    }

    fn value(&mut self, signature: &str) -> Option<Value> {
        Some(match signature {
            "" => Value::Nothing,
            "s" => Value::Text(self.text()?),
            "ay" => {
                let length = self.u32()? as usize;
                Value::Bytes(self.take(length)?.to_vec())
            }
            "as" => {
                let length = self.u32()? as usize;
                let end = self.at.checked_add(length)?;
                let mut texts = Vec::new();
                while self.at < end {
                    texts.push(self.text()?);
                }
                Value::Texts(texts)
            }
            "v" => Value::Any,
            _ => Value::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: Method<'_> = Method {
        destination: "org.freedesktop.DBus",
        path: "/org/freedesktop/DBus",
        interface: "org.freedesktop.DBus",
        member: "Hello",
        arguments: &[],
    };

    #[test]
    fn a_call_has_the_length_that_it_says() {
        for arguments in [&[] as &[&str], &["one"], &["first", "", "third"]] {
            let message = call(1, Method { arguments, ..HELLO });
            let fixed: &[u8; FIXED] = message[..FIXED].try_into().unwrap();
            assert_eq!(length(fixed), Some(message.len()));
            assert_eq!(parse(&message), Some(Message::Other));
        }
    }

    #[test]
    fn a_value_of_any_type_is_told_from_none() {
        let reply = |signature: &[u8], body: &[u8]| {
            let mut message = vec![b'l', METHOD_RETURN, 1, 1];
            message.extend((body.len() as u32).to_le_bytes());
            message.extend([1, 0, 0, 0, 8 + signature.len() as u8, 0, 0, 0]);
            message.extend([5, 1, b'u', 0, 7, 0, 0, 0]);
            message.extend(signature);
            pad(&mut message, 8);
            message.extend(body);
            parse(&message)
        };
        let any = reply(&[8, 1, b'g', 0, 1, b'v', 0], &[1, b'u', 0, 0, 1, 0, 0, 0]);
        assert_eq!(any, Some(Message::Return(7, Value::Any)));
        let nothing = reply(&[8, 1, b'g', 0, 0, 0], &[]);
        assert_eq!(nothing, Some(Message::Return(7, Value::Nothing)));
    }

    #[test]
    fn cut_or_bent_messages_are_refused_and_never_panic() {
        let mut good = vec![b'l', METHOD_RETURN, 1, 1];
        good.extend(8u32.to_le_bytes());
        good.extend(1u32.to_le_bytes());
        good.extend(15u32.to_le_bytes());
        good.extend([5, 1, b'u', 0, 7, 0, 0, 0, 8, 1, b'g', 0, 1, b's', 0, 0]);
        good.extend(3u32.to_le_bytes());
        good.extend(b"abc\0");
        assert_eq!(
            parse(&good),
            Some(Message::Return(7, Value::Text("abc".into())))
        );
        for cut in 0..good.len() {
            let _refused_or_other = parse(&good[..cut]);
        }
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bent = good.clone();
                bent[at] ^= 1 << bit;
                let _refused_or_other = parse(&bent);
            }
        }
    }
}
