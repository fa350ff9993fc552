//! Real sockets on this machine: each way a call can fail, and what may be concluded from it.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
    time::Duration,
};

use http::{HeaderMap, Method};

use super::*;

/// Serves one connection on a free port.
fn serve(behaviour: impl FnOnce(TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    (url, thread::spawn(move || behaviour(listener.accept().unwrap().0)))
}

/// Reads a request without a body.
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn answer_with(response: &'static str) -> impl FnOnce(TcpStream) + Send + 'static {
    move |mut stream| {
        read_head(&mut stream);
        stream.write_all(response.as_bytes()).unwrap();
    }
}

fn get(url: &str) -> OutboundRequest {
    OutboundRequest {
        method: Method::GET,
        url: url.to_owned(),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
        timeout: Duration::from_secs(10),
        max_body: 16,
        reach: Reach::Configured,
    }
}

/// Calls on a runtime that ends with the call: connections are then closed whatever state they are in, and
/// servers that wait for that can be joined.
fn call(request: OutboundRequest) -> Result<InboundResponse, TransportError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { HttpTransport::new().unwrap().call(request).await })
}

#[test]
fn a_response_comes_whole() {
    let (url, server) = serve(|mut stream| {
        let head = read_head(&mut stream).to_lowercase();
        assert!(head.starts_with("get /x http/1.1\r\n"), "{head}");
        assert!(head.contains("user-agent: twilio-chat/"), "{head}");
        assert!(!head.contains("accept-encoding"), "{head}");
        stream
            .write_all(b"HTTP/1.1 503 Busy\r\nX-A: b\r\nContent-Length: 16\r\n\r\n0123456789abcdef")
            .unwrap();
    });
    let response = call(get(&url)).unwrap();
    server.join().unwrap();
    assert_eq!((response.status, &response.body[..]), (503, &b"0123456789abcdef"[..]));
    assert_eq!(response.headers["x-a"], "b");
}

#[test]
fn a_refused_connection_was_not_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = call(get(&format!("http://{free}/x?To=private"))).unwrap_err();
    assert!(matches!(&error, TransportError::NotSent(why) if !why.contains("private")), "{error:?}");
}

#[test]
fn an_impossible_url_was_not_sent() {
    for url in ["not a url", "http://", "ftp://127.0.0.1/x"] {
        let error = call(get(url)).unwrap_err();
        assert!(matches!(error, TransportError::NotSent(_)), "{url}: {error:?}");
    }
}

#[test]
fn a_failed_tls_handshake_was_not_sent() {
    let (url, server) = serve(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let error = call(get(&url.replace("http:", "https:"))).unwrap_err();
    server.join().unwrap();
    assert!(matches!(error, TransportError::NotSent(_)), "{error:?}");
}

#[test]
fn a_connection_closed_after_the_request_is_lost() {
    let (url, server) = serve(|mut stream| {
        read_head(&mut stream);
    });
    let error = call(get(&format!("{url}?To=private"))).unwrap_err();
    server.join().unwrap();
    assert!(matches!(&error, TransportError::Lost(why) if !why.contains("private")), "{error:?}");
}

#[test]
fn a_response_cut_short_is_lost() {
    let (url, server) = serve(answer_with("HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\nhalf"));
    let error = call(get(&url)).unwrap_err();
    server.join().unwrap();
    assert!(matches!(error, TransportError::Lost(_)), "{error:?}");
}

#[test]
fn a_silent_server_is_lost_after_the_timeout() {
    for response in ["", "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\nhalf"] {
        let (url, server) = serve(move |mut stream| {
            read_head(&mut stream);
            stream.write_all(response.as_bytes()).unwrap();
            // Ends when the caller hangs up.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let error = call(OutboundRequest { timeout: Duration::from_millis(50), ..get(&url) }).unwrap_err();
        server.join().unwrap();
        assert!(matches!(error, TransportError::Lost(_)), "{response:?}: {error:?}");
    }
}

#[test]
fn a_body_above_the_limit_is_too_large() {
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n0123456789abcdefg",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n012345678\r\n8\r\n9abcdefg\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789abcdefg",
    ] {
        let (url, server) = serve(answer_with(response));
        assert_eq!(call(get(&url)).unwrap_err(), TransportError::TooLarge, "{response:?}");
        server.join().unwrap();
    }
}

#[test]
fn redirects_are_answers() {
    let (url, server) =
        serve(answer_with("HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
    let response = call(get(&url)).unwrap();
    server.join().unwrap();
    assert_eq!((response.status, response.headers["location"].to_str().unwrap()), (307, "/elsewhere"));
}

#[test]
fn debug_shows_no_secret_and_no_person() {
    let mut request = get("https://h.example/x?To=private");
    request.headers.insert("authorization", "private".parse().unwrap());
    request.body = "private".into();
    let response = InboundResponse { status: 200, headers: request.headers.clone(), body: "private".into() };
    let shown = format!("{request:?} {response:?}");
    assert!(!shown.contains("private") && shown.contains("https://h.example/x"), "{shown}");
}

#[test]
fn a_guarded_request_makes_no_connection_behind_us_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://localhost:{}/x", listener.local_addr().unwrap().port());
    let error = call(OutboundRequest { reach: Reach::Global, ..get(&url) }).unwrap_err();
    assert!(matches!(error, TransportError::NotSent(_)), "{error:?}");
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
