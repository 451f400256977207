import Listings

extension BatchPlan {
    /// For `--dry-run`, which asks for names: everything found, with patients and paths, how long it may take on so
    /// many cores, and what to look at.
    public func text(cores: Int) -> String {
        let lines =
            [headline] + [estimate(cores: cores)].compactMap(\.self)
            + (notices.map(\.sentence) + warnings).map { "warning: \($0)" }
        return (found > 0 || !leftOut.items.isEmpty ? table.text + "\n" : "") + lines.joined(separator: "\n")
    }

    private var table: TextTable {
        var table = TextTable([
            .init("plan"), .init("patient"), .init("source"), .init("scan"), .init("MB", isNumeric: true),
            .init("place"),
        ])
        for (scan, plan) in steps {
            for patient in scan.patients {
                let megabytes = (Double(scan.size) / 1e6).rounded(toDigits: 1)
                table.append([
                    plan, patient.id, patient.source.rawValue, scan.scan.path.text, "\(megabytes)", scan.scan.mark,
                ])
            }
        }
        for unreachable in unreachable {
            let (patient, path) = (unreachable.patient, unreachable.input.path)
            table.append(
                ["unreachable", patient.id, patient.source.rawValue, path.text, "", unreachable.input.mark])
        }
        for item in leftOut.items { table.append([item.reason.word, "", "", item.path.text, "", item.mark]) }
        return table
    }

    private var headline: String {
        let accepted = known.count(.accepted)
        let megabytes = (Double(size) / 1e6).rounded(toDigits: 1)
        return "\(found) found: \(scans.count) to analyse (\(megabytes) MB), \(known.count(.done)) done before, "
            + "\(known.count(.givenUp)) given up\(accepted > 0 ? ", \(accepted) accepted as failed" : ""), "
            + "\(unreachable.count) unreachable"
    }

    /// By the bytes, for time goes with pixels and pixels with bytes, as long as a night's scans are of one kind.
    private func estimate(cores: Int) -> String? {
        guard !scans.isEmpty else { return nil }
        guard let pace, pace.bytes > 0 else { return "no estimate: this pipeline has analysed nothing so far" }
        let seconds = pace.seconds / Double(pace.bytes) * Double(size) / Double(cores)
        let example = pace.analyses == 1 ? "the last analysis" : "the last \(pace.analyses) analyses"
        let time = Duration.seconds(seconds).inWords
        return "about \(time) on \(cores.counting("core")), going by \(example)"
    }

    /// In the order in which they were found.
    private var steps: [(PlannedScan, String)] {
        let open = scans.map { ($0, "analyse") }
        let known = known.named.map { ($0.scan, $0.reason.text) }
        return (open + known).sorted { $0.0.number < $1.0.number }
    }
}

extension LeftOut.Reason {
    fileprivate var word: String {
        switch self {
        case .link, .linkToWalkedFolder: "link"
        case .unexamined: "unreadable"
        case .unread(let format): format
        case .ignored: "ignored"
        }
    }
}

extension KnownScan.Reason {
    fileprivate var text: String {
        switch self {
        case .done: "done"
        case .givenUp: "given up"
        case .accepted: "accepted"
        }
    }
}
