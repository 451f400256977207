import Listings

extension BatchSummary {
    /// For people, a few lines, without patient data.
    public var text: String {
        let time = Duration.seconds(seconds).inWords
        var lines = ["run \(run) of \(pipeline) \(pipelineSHA256.prefix): \(ending.rawValue) after \(time)"]
        let shares = [
            (analysed, "analysed"), (skipped, "done before"), (duplicates, "with the bytes of another"),
            (givenUp, "given up"), (accepted, "accepted as failed"), (failed, "failed"),
            (left, "left for the next run"),
        ]
        lines.append("  \(found) found" + list(shares))
        let results = [(withFindings, "with findings"), (withoutTissue, "without tissue"), (rejected, "rejected")]
        if analysed > 0 {
            lines.append("  \(analysed) analysed" + list(results))
            lines.append(
                "  \(findings.counting("finding")), \(scansPerMinute.rounded(toDigits: 1)) scans a minute, "
                    + "\(megabytesPerSecond.rounded(toDigits: 1)) MB/s")
        }
        if let failure { lines.append("  broken off: \(failure)") }
        if retried > 0 { lines.append("  \(retried) needed a second worker") }
        lines += failures.map { "  failed: \($0.count) x \($0.stage.rawValue): \($0.code.rawValue)" }
        lines += remarks.map { "  remark: \($0.count) x \($0.kind.printable)" }
        lines += (notices.map(\.sentence) + warnings).map { "  warning: \($0)" }
        if let auditHead { lines.append("  audit head: \(auditHead.hexadecimal)") }
        return lines.joined(separator: "\n")
    }

    /// A stable contract: members are added, never renamed.
    public var json: JSONValue {
        .object([
            "run": .integer(run),
            "pipeline": .text(pipeline),
            "pipeline_sha256": .text(pipelineSHA256.hexadecimal),
            "ending": .text(ending.rawValue),
            "exit_status": .integer(Int(exitStatus)),
            "found": .integer(found),
            "analysed": .integer(analysed),
            "with_findings": .integer(withFindings),
            "no_tissue": .integer(withoutTissue),
            "rejected": .integer(rejected),
            "findings": .integer(findings),
            "skipped": .integer(skipped),
            "duplicates": .integer(duplicates),
            "given_up": .integer(givenUp),
            "accepted": .integer(accepted),
            "failed": .integer(failed),
            "failures": .array(
                failures.map {
                    .object([
                        "stage": .text($0.stage.rawValue), "code": .text($0.code.rawValue), "count": .integer($0.count),
                    ])
                }),
            "left": .integer(left),
            "retried": .integer(retried),
            "analysed_bytes": .integer(analysedBytes),
            "seconds": .number(seconds),
            "scans_per_minute": .number(scansPerMinute),
            "megabytes_per_second": .number(megabytesPerSecond),
            "remarks": .array(remarks.map { .object(["remark": .text($0.kind), "count": .integer($0.count)]) }),
            "warnings": .texts(notices.map(\.sentence) + warnings),
            "notices": .array(notices.map(\.json)),
            "forged_stamps": .integer(forged),
            "confinement": .text(confinement.map { $0 == .complete ? "complete" : $0 == [] ? "none" : "partial" }),
            "audit_head": .text(auditHead?.hexadecimal),
            "broken_off": .text(failure?.message),
        ])
    }

    /// What is none is not named.
    private func list(_ counts: [(Int, String)]) -> String {
        let named = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return named.isEmpty ? "" : ": " + named.joined(separator: ", ")
    }
}

extension Duration {
    /// Such as `2 h 3 min`, `3 min 12 s`, `0.4 s`.
    var inWords: String {
        let whole = components.seconds
        return switch whole {
        case ..<60: "\(seconds.rounded(toDigits: 1)) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        default: "\(whole / 3600) h \(whole / 60 % 60) min"
        }
    }
}
