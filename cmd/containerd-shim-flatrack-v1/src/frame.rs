//! ttrpc's frames: ten bytes of head, then a message (containerd/ttrpc, `PROTOCOL.md`).

use prost::Message as _;

use crate::error::Error;
use crate::messages::rpc::{Request, Response, Status};

const HEAD: usize = 10;
/// The longest message that the other side accepts.
const LONGEST: usize = 4 << 20;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Request = 1,
    Response = 2,
}

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) stream: u32,
    pub(crate) kind: u8,
    pub(crate) payload: Vec<u8>,
}

/// The next frame of what has come in so far, which it is taken from; none if it is not whole yet.
///
/// # Errors
/// A frame of a length that nobody may send: the connection is of no use any more.
pub(crate) fn take(incoming: &mut Vec<u8>) -> Result<Option<Frame>, ()> {
    let Some((head, _)) = incoming.split_first_chunk::<HEAD>() else {
        return Ok(None);
    };
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (length, stream, kind) = (word(0) as usize, word(4), head[8]);
    if length > LONGEST {
        return Err(());
    }
    let end = HEAD + length;
    let Some(payload) = incoming.get(HEAD..end) else {
        return Ok(None);
    };
    let payload = payload.to_vec();
    incoming.drain(..end);
    Ok(Some(Frame {
        stream,
        kind,
        payload,
    }))
}

fn frame(stream: u32, kind: Kind, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEAD + payload.len());
    bytes.extend(length.to_be_bytes());
    bytes.extend(stream.to_be_bytes());
    bytes.extend([kind as u8, 0]);
    bytes.extend(payload);
    bytes
}

/// The bytes of a call.
pub(crate) fn request(stream: u32, (service, method): (&str, &str), payload: Vec<u8>) -> Vec<u8> {
    const TEN_SECONDS: i64 = 10_000_000_000;
    let request = Request {
        service: service.to_owned(),
        method: method.to_owned(),
        payload,
        timeout: TEN_SECONDS,
    };
    frame(stream, Kind::Request, &request.encode_to_vec())
}

/// The bytes of an answer.
pub(crate) fn response(stream: u32, result: Result<Vec<u8>, Error>) -> Vec<u8> {
    let response = match result {
        Ok(payload) => Response {
            status: Some(Status::default()),
            payload,
        },
        Err(error) => Response {
            status: Some(Status {
                code: error.code as i32,
                message: error.to_string(),
            }),
            payload: Vec::new(),
        },
    };
    frame(stream, Kind::Response, &response.encode_to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn frames_come_in_pieces_and_several_at_once() {
        let bytes = [
            request(1, ("s", "a"), vec![7]),
            request(3, ("s", "b"), Vec::new()),
        ]
        .concat();
        let mut incoming = Vec::new();
        let mut streams = Vec::new();
        for byte in bytes {
            incoming.push(byte);
            if let Some(frame) = take(&mut incoming).unwrap() {
                let request = Request::decode(frame.payload.as_slice()).unwrap();
                streams.push((frame.stream, request.method, request.payload));
            }
        }
        let expected = [
            (1, "a".to_owned(), vec![7]),
            (3, "b".to_owned(), Vec::new()),
        ];
        assert_eq!(streams, expected);
        assert!(incoming.is_empty());
    }

    #[test]
    fn a_frame_that_is_too_long_ends_the_connection() {
        let mut incoming = vec![0xff; 10];
        assert_eq!(take(&mut incoming), Err(()));
    }

    #[test]
    fn an_error_has_its_code() {
        let mut bytes = response(5, Err(Error::new(Code::NotFound, "no such task")));
        let frame = take(&mut bytes).unwrap().unwrap();
        let response = Response::decode(frame.payload.as_slice()).unwrap();
        let status = response.status.unwrap();
        assert_eq!((frame.stream, frame.kind, status.code), (5, 2, 5));
        assert_eq!(status.message, "no such task");
    }
}
