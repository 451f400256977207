import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// The viewer: the findings of a database on their slides, for browsers. Reads the database, and never writes it.
public struct ViewerServer: Sendable {
    private let routes: Routes
    private let address: String
    private let port: Int

    private static let mostConnections = 256
    /// For a whole request and its answer.
    private static let patience: TimeAmount = .seconds(60)
    /// For the head of a request, and between requests.
    private static let idleTime: TimeAmount = .seconds(15)

    /// - Parameters:
    ///   - address: that is listened on, such as `127.0.0.1`.
    ///   - port: 0 for any that is free.
    ///   - requiresConfinement: whether the kernel must confine the processes that read scans in all that they could do.
    ///   - leaflet: the folder that Leaflet is installed in.
    ///   - warn: told in a sentence where it does not, and need not.
    /// - Throws: `ViewerError` where Leaflet is not installed, or the kernel does not confine what it must.
    public init(
        database: String, address: String, port: Int, reader: TileReaderCommand = .thisProgram(),
        requiresConfinement: Bool = false, leaflet: String = "/usr/share/javascript/leaflet",
        warn: (String) -> Void = { _ in }
    ) throws(ViewerError) {
        if (try? reader.isConfined()) != true {
            let problem = "the kernel does not confine the processes that read scans (Landlock and seccomp)"
            guard !requiresConfinement else { throw ViewerError(.unconfined, problem) }
            warn("\(problem): a hostile scan may do more than fail")
        }
        let reader = requiresConfinement ? reader.confined : reader
        let desk = DatabaseDesk(path: database)
        routes = Routes(
            assets: try Assets(leaflet: leaflet), desk: desk, shelf: SlideShelf(reader, database: database),
            reviews: ReviewDesk(database: database))
        self.address = address
        self.port = port
    }

    /// Answers requests until the process ends.
    ///
    /// - Parameter ready: told the address to open, with the token, once there is somebody at it.
    /// - Throws: `ViewerError` where nothing can be listened on.
    public func run(ready: @escaping @Sendable (String) -> Void) async throws {
        let desk = FrontDesk()
        let (routes, address) = (routes, address)
        // What libraries log of requests is nobody's business.
        let logger = Logger(label: "scanreport.viewer") { _ in SwiftLogNoOpLogHandler() }
        let channels = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: Self.idleTime,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 64)))
        let server = try channels.buildServer(
            configuration: ServerConfiguration(
                address: .hostname(address, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections, logger: logger)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
        ) { request, writer, channel in
            let end = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
            defer { end.cancel() }
            let gate = await desk.gate
            let refusal = gate.refusal(of: request)
            let answer = if let refusal { refusal } else { await routes.answer(request) }
            let response = answer.response(isHead: request.method == .head)
            try await writer.write(response: response.head, body: response.body)
            if answer.closes { channel.close(promise: nil) }
        } onServerRunning: { channel in
            let port = channel.localAddress?.port ?? 0
            let gate = Gate(address: address, port: port)
            await desk.open(gate)
            let host = address.contains(":") ? "[\(address)]" : address
            ready("http://\(host):\(port)/?token=\(gate.token.text)")
        }
        do {
            try await server.run()
        } catch let error as IOError {
            throw ViewerError(.cannotListen, "cannot listen on \(address), port \(port): \(error.localizedDescription)")
        } catch let error as SocketAddressError {
            throw ViewerError(.cannotListen, "cannot listen on \(address): \(error)")
        }
    }
}

/// Where the gate is once the port is known, which may be any that was free.
private actor FrontDesk {
    private var opened: Gate?
    private var waiting: [CheckedContinuation<Gate, Never>] = []

    func open(_ gate: Gate) {
        opened = gate
        for continuation in waiting { continuation.resume(returning: gate) }
        waiting = []
    }

    var gate: Gate {
        get async {
            if let opened { return opened }
            return await withCheckedContinuation { waiting.append($0) }
        }
    }
}
