/// Writes checkpoints often enough that a kill costs little, and seldom enough that they do.
struct CheckpointWriter {
    private let checkpoint: Checkpoint
    private let identity: String
    private var written = ContinuousClock.now
    private var interval = Duration.zero
    private var step: Int

    /// What writing may take of the time: a fiftieth; and how long it is put off at most.
    private static let share = 50
    private static let longest = Duration.seconds(30)

    /// - Parameter step: of the checkpoint that is there.
    init(_ checkpoint: Checkpoint, identity: String, step: Int) {
        self.checkpoint = checkpoint
        self.identity = identity
        self.step = step
    }

    /// - Throws: ``LearningError`` of kind `output`.
    mutating func write(_ state: LearningState) throws(LearningError) {
        // How many steps there are is measured once, and must not be again.
        guard state.steps > 0, state.step == state.steps || ContinuousClock.now - written >= interval else { return }
        try writeNow(state)
    }

    mutating func writeNow(_ state: LearningState) throws(LearningError) {
        guard state.steps > 0, state.step > step else { return }
        let began = ContinuousClock.now
        try checkpoint.write(state, identity: identity)
        (written, step) = (ContinuousClock.now, state.step)
        interval = min(Self.longest, (written - began) * Self.share)
    }
}
