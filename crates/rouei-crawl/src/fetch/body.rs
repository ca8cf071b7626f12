//! Bodies as far as they come: bounded in length and time, and together in the room that they take.

use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::Arc;

use rouei_model::Truncation;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::{FetchError, HttpClient, Request};

/// The right to hold a large body. Together they have bounded room, whatever the number of hosts; whoever archives a
/// capture gives it back by dropping the capture's context.
#[derive(Clone, Debug, Default)]
pub struct Room(Option<Arc<OwnedSemaphorePermit>>);

impl Room {
    /// Whether there is any in hand.
    pub(crate) fn is_held(&self) -> bool {
        self.0.is_some()
    }
}

/// Room is no property of a capture.
impl PartialEq for Room {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Room {}

/// Bytes up to which a body needs no room.
const SMALL: usize = 512 << 10;

/// KiB of larger bodies that are received, or wait for the archive, at once.
pub(super) const ROOM: usize = 32 << 10;

impl HttpClient {
    /// All the room for large bodies: while it is held, no other is received.
    pub(crate) async fn all_room(&self) -> Room {
        self.some_room(ROOM).await
    }

    async fn some_room(&self, kib: usize) -> Room {
        let kib = u32::try_from(kib.clamp(1, ROOM)).unwrap_or(1);
        // The semaphore is never closed.
        Room(Arc::clone(&self.room).acquire_many_owned(kib).await.ok().map(Arc::new))
    }

    pub(super) async fn read_body(
        &self,
        response: &mut reqwest::Response,
        request: &Request<'_>,
        deadline: Instant,
    ) -> Body {
        let mut body = Body::default();
        let mut deadline = deadline;
        let max = request.max_body;
        let longest = response.content_length().map_or(max, |length| max.min(usize::try_from(length).unwrap_or(max)));
        loop {
            let idle = Instant::now() + self.limits.idle_timeout;
            let chunk = match timeout_at(idle.min(deadline), response.chunk()).await {
                Err(_) if idle < deadline => {
                    return body.cut(Truncation::Time, FetchError::Incomplete("timed out: silent for too long"));
                }
                Err(_) => return body.cut(Truncation::Time, FetchError::Incomplete("timed out: too slow as a whole")),
                Ok(Err(e)) => return body.cut(Truncation::Disconnect, FetchError::Incomplete(broken(&e))),
                Ok(Ok(None)) => return body,
                Ok(Ok(Some(chunk))) => chunk,
            };
            let room = max - body.bytes.len();
            let taken = &chunk[..chunk.len().min(room)];
            if body.bytes.len() + taken.len() > SMALL && body.room.0.is_none() {
                // All that it may need, at once: two that wait for each other's rest would wait for ever.
                let waiting = Instant::now();
                body.room = self.some_room(if request.alone { ROOM } else { longest >> 10 }).await;
                deadline += waiting.elapsed();
                // Once, for growing may copy. What no byte is written to takes no memory.
                body.bytes.reserve_exact(max - body.bytes.len());
            }
            body.bytes.extend_from_slice(taken);
            if chunk.len() > room {
                return body.cut(Truncation::Length, FetchError::TooLong);
            }
        }
    }
}

/// A body as far as it came.
#[derive(Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) truncated: Option<Truncation>,
    pub(super) cut: Option<FetchError>,
    pub(super) room: Room,
}

impl Body {
    fn cut(self, truncated: Truncation, cut: FetchError) -> Self {
        Self { truncated: Some(truncated), cut: Some(cut), ..self }
    }
}

/// What broke a body off.
fn broken(error: &reqwest::Error) -> &'static str {
    let mut source = error.source();
    while let Some(cause) = source {
        match cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => return "the connection was reset",
            // hyper's word for a chunk without a readable size.
            Some(ErrorKind::InvalidInput | ErrorKind::InvalidData) => return "its chunks have no readable size",
            _ => source = cause.source(),
        }
    }
    "the connection ended early"
}
