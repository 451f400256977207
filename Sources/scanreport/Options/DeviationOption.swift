import ArgumentParser

/// How far a network may move as it is written in integers.
struct DeviationOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "How far the outputs may move: root of the mean square, relative to that of the outputs.",
            valueName: "share"))
    var deviation = 0.05

    func validate() throws {
        if !(deviation > 0 && deviation < 1) { throw ValidationError("--deviation must be above 0 and below 1.") }
    }
}
