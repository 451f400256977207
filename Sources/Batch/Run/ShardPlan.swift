import Findings
import Listings

/// What each part of a night would take, for whoever plans machines.
public struct ShardPlan: Sendable {
    struct Part: Sendable {
        var scans = 0
        var bytes: Int64 = 0
    }

    let plan: BatchPlan
    /// By number, from the first.
    let parts: [Part]

    /// - Parameters:
    ///   - plan: of the whole night.
    ///   - shards: how many parts; at least one.
    public init(_ plan: BatchPlan, shards: Int) {
        self.plan = plan
        var parts = [Part](repeating: Part(), count: shards)
        for scan in plan.scans {
            let part = Shard.number(of: scan.scan.path, among: shards) - 1
            parts[part].scans += 1
            parts[part].bytes += scan.size
        }
        self.parts = parts
    }

    /// - Parameters:
    ///   - cores: of each machine.
    ///   - deadline: by when all is to be done.
    public func text(cores: Int, deadline: Duration?) -> String {
        var table = TextTable([
            .init("shard"), .init("scans", isNumeric: true), .init("MB", isNumeric: true),
            .init("of the mean", isNumeric: true), .init("about", isNumeric: true),
        ])
        let mean = Double(plan.size) / Double(parts.count)
        for (index, part) in parts.enumerated() {
            let share = mean > 0 ? "\(Int((Double(part.bytes) / mean * 100).rounded())) %" : ""
            let time = seconds(part.bytes, cores: cores).map { Duration.seconds($0).inWords } ?? "unknown"
            table.append([
                "\(index + 1)/\(parts.count)", "\(part.scans)", "\((Double(part.bytes) / 1e6).rounded(toDigits: 1))",
                share, time,
            ])
        }
        return ([table.text, total(cores: cores)] + [machines(cores: cores, deadline: deadline)].compactMap(\.self))
            .joined(separator: "\n")
    }

    private func seconds(_ bytes: Int64, cores: Int) -> Double? {
        guard let pace = plan.pace, pace.bytes > 0 else { return nil }
        return pace.seconds / Double(pace.bytes) * Double(bytes) / Double(cores)
    }

    private func total(cores: Int) -> String {
        let words =
            "\(plan.scans.count.counting("scan")) to analyse, \((Double(plan.size) / 1e6).rounded(toDigits: 1)) MB"
        guard let pace = plan.pace, let seconds = seconds(plan.size, cores: cores) else {
            return words + "; no estimate: this pipeline has analysed nothing so far"
        }
        return words
            + ", about \(Duration.seconds(seconds).inWords) on one machine of \(cores.counting("core")), going by the last "
            + pace.analyses.counting("analysis", "analyses")
    }

    /// As many as the work of all parts needs, and a part no longer than the deadline.
    private func machines(cores: Int, deadline: Duration?) -> String? {
        guard let deadline, let all = seconds(plan.size, cores: cores),
            let longest = seconds(parts.map(\.bytes).max() ?? 0, cores: cores)
        else { return nil }
        let limit = deadline.seconds
        let needed = max(1, Int((all / limit).rounded(.up)))
        let words = "within \(deadline.inWords): \(needed.counting("machine")) of \(cores.counting("core"))"
        guard longest > limit else { return words }
        return words + ", and more parts than \(parts.count): the largest takes \(Duration.seconds(longest).inWords)"
    }
}
