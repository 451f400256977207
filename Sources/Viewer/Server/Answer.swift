import HTTPTypes
import HummingbirdCore
import NIOCore
import Reporting

/// What a request is answered with.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    let type: String
    let body: [UInt8]
    var headers: HTTPFields = [:]
    /// Whether the connection ends with it: what else the client sends is not read.
    var closes = false

    init(_ status: HTTPResponse.Status = .ok, type: String, body: some Sequence<UInt8>) {
        self.status = status
        self.type = type
        self.body = Array(body)
    }

    static func html(_ markup: Markup, _ status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, type: "text/html; charset=utf-8", body: markup.html.utf8)
    }

    static func json(_ bytes: some Sequence<UInt8>) -> Answer { Answer(type: "application/json", body: bytes) }

    static func jpeg(_ bytes: some Sequence<UInt8>) -> Answer { Answer(type: "image/jpeg", body: bytes) }

    /// A sentence for people; never with what the request said in it.
    static func sentence(_ status: HTTPResponse.Status, _ text: String) -> Answer {
        Answer(status, type: "text/plain; charset=utf-8", body: (text + "\n").utf8)
    }

    static var notFound: Answer { sentence(.notFound, "There is no such page.") }

    static func refusal(_ status: HTTPResponse.Status, _ text: String) -> Answer {
        var answer = sentence(status, text)
        answer.closes = true
        return answer
    }

    /// - Parameter isHead: whether only what is before the body is asked for.
    func response(isHead: Bool) -> Response {
        var headers = Self.always
        headers.append(contentsOf: self.headers)
        headers[.contentType] = type
        headers[.contentLength] = String(body.count)
        if closes { headers[.connection] = "close" }
        return Response(
            status: status, headers: headers,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// Nothing from elsewhere, no script within a page, in nobody's frame, and in no cache: pages show patients.
    private static let always: HTTPFields = {
        var headers: HTTPFields = [
            .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy:
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ]
        let more = [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ]
        for (name, value) in more { if let name = HTTPField.Name(name) { headers[name] = value } }
        return headers
    }()
}
