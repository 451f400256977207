import FindingStore
import Findings
import FoundationEssentials
import HTTPTypes
import HummingbirdCore
import Listings
import Reporting

/// What each address shows. Addresses hold numbers of the database's rows, never a patient or a file's name; what is none of
/// these is not there.
struct Routes: Sendable {
    private let assets: Assets
    private let desk: DatabaseDesk
    private let shelf: SlideShelf
    private let reviews: ReviewDesk
    private let overlays = OverlayCache()
    private let census = LabelCensus()

    /// Of a request's body, in bytes.
    private static let longestBody = 16 << 10

    init(assets: Assets, desk: DatabaseDesk, shelf: SlideShelf, reviews: ReviewDesk) {
        self.assets = assets
        self.desk = desk
        self.shelf = shelf
        self.reviews = reviews
    }

    func answer(_ request: Request) async -> Answer {
        do {
            return request.method == .post ? try await post(request) : try await get(request)
        } catch let error as StoreError {
            return .sentence(.serviceUnavailable, "The database cannot be read: \(error.message)")
        } catch {
            return .sentence(.internalServerError, "A defect of the program: the page could not be made.")
        }
    }

    private func get(_ request: Request) async throws -> Answer {
        let path = request.uri.path
        if let asset = assets[path] { return asset }
        switch path {
        case "/": return try await page { try OverviewPage($0).markup }
        case "/patients": return try await page { try PatientsPage.markup($0, holding: nil) }
        case "/failures": return try await page { try FailuresPage.markup($0) }
        case "/runs": return try await page { try RunsPage.all($0) }
        case "/findings":
            let search = FindingsPage(FormFields(request.uri.query ?? "").values)
            let census = census
            return try await page { try search.markup($0, census) }
        default: break
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        guard parts.count >= 2, let number = Self.number(parts[1]) else { return .notFound }
        switch (parts[0], parts.count) {
        case ("patient", 2): return try await page { try PatientsPage.one(number, $0) }
        case ("run", 2): return try await page { try RunsPage.one(number, $0) }
        case ("scan", _): return try await scan(number, Array(parts.dropFirst(2)))
        default: return .notFound
        }
    }

    private func post(_ request: Request) async throws -> Answer {
        var request = request
        let body: FormFields
        do {
            body = FormFields(String(buffer: try await request.collectBody(upTo: Self.longestBody)))
        } catch {
            return .refusal(.contentTooLarge, "A request holds at most \(Self.longestBody >> 10) KiB.")
        }
        switch request.uri.path {
        case "/patients": return try await page { try PatientsPage.markup($0, holding: body.values["text"]) }
        default: break
        }
        let parts = request.uri.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.count == 5, let analysis = Self.number(parts[2]), let ordinal = Self.number(parts[4]),
            [parts[1], parts[3], parts[5]] == ["scan", "finding", "review"]
        else { return .notFound }
        return try await review(Int(ordinal), ofAnalysis: analysis, body)
    }

    private func review(_ ordinal: Int, ofAnalysis analysis: Int64, _ fields: FormFields) async throws -> Answer {
        let finding = try await desk.ask { try FindingPanel(ordinal, ofAnalysis: analysis, in: $0)?.id }
        guard let finding else { return .notFound }
        let verdict = fields.values["verdict"].flatMap { Review.Verdict(rawValue: $0) }
        let review = verdict.flatMap { verdict in
            Review(
                verdict, label: verdict == .relabelled ? fields.values["label"] ?? "" : nil,
                note: fields.values["note"] ?? "", by: fields.values["reviewer"] ?? "", at: Timestamp(Date()))
        }
        guard let review else {
            return .sentence(
                .unprocessableContent,
                "A review needs a name, and a label where it is another, or words where it is a note.")
        }
        try await reviews.add(review, of: finding)
        return try await page { try FindingPanel(ordinal, ofAnalysis: analysis, in: $0)?.markup }
    }

    private func reviews(ofAnalysis analysis: Int64) async throws -> Answer {
        let reviews = try await desk.ask { try $0.reviews(ofAnalysis: analysis) }
        let members = reviews.sorted { $0.key < $1.key }.map { ordinal, review in
            JSONValue.Member(String(ordinal), .text(review.verdict.rawValue))
        }
        return .json(JSONValue.object(members).compact.utf8)
    }

    private func scan(_ analysis: Int64, _ rest: [String]) async throws -> Answer {
        let numbers = rest.dropFirst().map { part in Self.number(part.prefix { $0 != "." }).map(Int.init(clamping:)) }
        switch (rest.first, rest.count) {
        case (nil, 0): return try await page { try ScanPage(analysis, image: 0, beside: nil, in: $0)?.markup }
        case ("image", 2):
            guard let image = numbers[0] else { return .notFound }
            return try await page { try ScanPage(analysis, image: image, beside: nil, in: $0)?.markup }
        case ("beside", 2):
            guard let other = numbers[0] else { return .notFound }
            return try await page { try ScanPage(analysis, image: 0, beside: Int64(other), in: $0)?.markup }
        case ("thumbnail", 2) where rest[1].hasSuffix(".jpg"):
            guard let image = numbers[0] else { return .notFound }
            return try await thumbnail(image, ofAnalysis: analysis)
        case ("findings", 2) where rest[1].hasSuffix(".json"):
            guard let image = numbers[0] else { return .notFound }
            return try await overlay(image, ofAnalysis: analysis)
        case ("finding", 2):
            guard let ordinal = numbers[0] else { return .notFound }
            return try await page { try FindingPanel(ordinal, ofAnalysis: analysis, in: $0)?.markup }
        case ("reviews.json", 1): return try await reviews(ofAnalysis: analysis)
        case ("standing", 1): return try await standing(ofAnalysis: analysis)
        case ("tiles", 5) where rest[4].hasSuffix(".jpg"):
            let known = numbers.compactMap(\.self)
            guard known.count == 4 else { return .notFound }
            return try await tile(
                TileAddress(image: known[0], level: known[1], column: known[2], row: known[3]), ofAnalysis: analysis)
        default: return .notFound
        }
    }

    private func page(_ markup: @escaping @Sendable (FindingStore) throws -> Markup?) async throws -> Answer {
        guard let markup = try await desk.ask(markup) else { return .notFound }
        return .html(markup)
    }

    private func thumbnail(_ image: Int, ofAnalysis analysis: Int64) async throws -> Answer {
        let picture = try await desk.ask { store in
            try store.scan(ofAnalysis: analysis).flatMap { try store.thumbnail(of: $0.sha256, image: image) }
        }
        return picture.map { .jpeg($0.jpeg) } ?? .notFound
    }

    private func overlay(_ image: Int, ofAnalysis analysis: Int64) async throws -> Answer {
        // What was erased since is not shown from memory.
        guard try await desk.ask({ try $0.scan(ofAnalysis: analysis) }) != nil else { return .notFound }
        let key = OverlayCache.Key(analysis: analysis, image: image)
        if let known = overlays[key] { return .json(known) }
        let json = try await desk.ask { try Overlay(ofAnalysis: analysis, image: image, in: $0).json }
        overlays[key] = json
        return .json(json)
    }

    private func standing(ofAnalysis analysis: Int64) async throws -> Answer {
        guard let scan = try await desk.ask({ try $0.scan(ofAnalysis: analysis) }) else {
            return .json("\"missing\"".utf8)
        }
        return .json("\"\(await shelf.standing(of: scan).name)\"".utf8)
    }

    private func tile(_ address: TileAddress, ofAnalysis analysis: Int64) async throws -> Answer {
        guard let scan = try await desk.ask({ try $0.scan(ofAnalysis: analysis) }) else { return .notFound }
        switch await shelf.tile(address, of: scan) {
        case .tile(let bytes): return .jpeg(bytes)
        case .nothing: return .notFound
        case .unreadable: return .sentence(.badGateway, "The file cannot be read there.")
        case nil:
            return .sentence(.serviceUnavailable, "The file is not there, has changed, or too much is asked of it.")
        }
    }

    /// Decimal digits and nothing else.
    private static func number(_ text: some StringProtocol) -> Int64? {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}
