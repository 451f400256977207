import ArgumentParser

/// A duration as a person writes it: `7h30m`, `90s`, `45m`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        var seconds = 0
        var digits = ""
        var units: [Character: Int] = ["d": 86_400, "h": 3_600, "m": 60, "s": 1]
        guard !argument.isEmpty else { return nil }
        for character in argument {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let unit = units.removeValue(forKey: character), let number = Int(digits), number <= 1_000_000 else {
                return nil
            }
            // Larger units come first.
            units = units.filter { $0.value < unit }
            seconds += number * unit
            digits = ""
        }
        guard digits.isEmpty, seconds > 0 else { return nil }
        duration = .seconds(seconds)
    }
}
