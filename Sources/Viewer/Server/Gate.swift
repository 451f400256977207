import Glibc
import HTTPTypes
import HummingbirdCore

/// Who may come in: whoever asks for this server by its own name, and has shown the token that was printed at its start.
struct Gate: Sendable {
    /// In the address that is printed.
    let token = Secret()
    /// In the cookie that the address is exchanged for.
    private let session = Secret()
    private let port: Int
    /// Of the `Host` that requests name; nil where any literal address is this machine's.
    private let hosts: Set<String>?
    private let strangers = RateLimit(perSecond: 20, burst: 100)
    private let guests = RateLimit(perSecond: 2_000, burst: 4_000)

    /// - Parameters:
    ///   - address: that is listened on.
    ///   - port: likewise.
    init(address: String, port: Int) {
        self.port = port
        let name = address.contains(":") ? "[\(address)]" : address
        let isAny = address == "0.0.0.0" || address == "::"
        hosts = isAny ? nil : [name, "localhost", "127.0.0.1", "[::1]"]
    }

    /// - Returns: nil for a request that is to be answered, else what it gets instead.
    func refusal(of request: Request) -> Answer? {
        guard isForUs(request.head.authority) else {
            return .refusal(.misdirectedRequest, "This server does not go by that name.")
        }
        guard request.method == .get || request.method == .head || request.method == .post else {
            return .refusal(.methodNotAllowed, "Only GET, HEAD and POST are known here.")
        }
        if !holdsSession(request) {
            guard strangers.admit() else { return .refusal(.tooManyRequests, "Too many requests.") }
            return entry(request)
        }
        guard guests.admit() else { return .refusal(.tooManyRequests, "Too many requests.") }
        if request.method == .post, !isFromHere(request) {
            return .refusal(.forbidden, "Only this server's own pages may write.")
        }
        // An address that was opened again: the token goes out of sight.
        if request.uri.path == "/", request.uri.query != nil { return Self.seeOther("/") }
        return nil
    }

    static func seeOther(_ path: String) -> Answer {
        var answer = Answer.sentence(.seeOther, "See \(path)")
        answer.headers[.location] = path
        return answer
    }

    /// For a client without a session: it may show the token.
    private func entry(_ request: Request) -> Answer {
        guard request.method == .get, request.uri.path == "/", let query = request.uri.query,
            query.hasPrefix("token="), token.matches(query.dropFirst("token=".count))
        else {
            return .refusal(
                .unauthorized, "Open the address that `scanreport serve` printed: it holds the key to this page.")
        }
        var answer = Self.seeOther("/")
        answer.headers[.setCookie] = "\(cookieName)=\(session.text); Path=/; HttpOnly; SameSite=Strict"
        return answer
    }

    private var cookieName: String { "scanreport-\(port)" }

    private func holdsSession(_ request: Request) -> Bool {
        request.headers[values: .cookie].contains { header in
            header.split(separator: ";").contains { pair in
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                return parts.count == 2 && parts[0] == cookieName && session.matches(parts[1])
            }
        }
    }

    /// A page elsewhere whose name leads here (DNS rebinding) names itself as the host.
    private func isForUs(_ authority: String?) -> Bool {
        guard let authority, let (host, port) = Self.parts(of: authority) else { return false }
        guard port == self.port else { return false }
        if let hosts { return hosts.contains(host) }
        return host == "localhost" || Self.isLiteral(host)
    }

    /// Browsers say with every write whose page it comes from.
    private func isFromHere(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin], let authority = request.head.authority else { return false }
        return origin == "http://\(authority)"
    }

    private static func parts(of authority: String) -> (host: String, port: Int)? {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else {
            return (authority.lowercased(), 80)
        }
        guard let port = UInt16(authority[authority.index(after: colon)...]) else { return nil }
        return (authority[..<colon].lowercased(), Int(port))
    }

    private static func isLiteral(_ host: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return inet_pton(AF_INET, bare, &four) == 1 || inet_pton(AF_INET6, bare, &six) == 1
    }
}
