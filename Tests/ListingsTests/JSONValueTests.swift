import Listings
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "-12", "0.1", "1e-07", #""""#, #""\"\\\n\t\r\u0001é𝄞""#, "[]", "{}", #"[1,[2.5],{"a":null}]"#,
        #"{"b":1,"a":2,"b":3}"#, "9223372036854775807",
    ])
    func whatIsReadIsWrittenAgain(text: String) throws {
        #expect(try JSONValue(parsing: text).compact == text)
    }

    @Test func everyEscapeIsRead() throws {
        #expect(try JSONValue(parsing: #" "\u00e9\ud834\udd1e\/\b\f" "#) == .text("é𝄞/\u{8}\u{c}"))
    }

    @Test(arguments: [
        "", "nul", "1 2", "+1", "01x", "--1", "1e999", "[1,]", "[1", "{\"a\"}", "{a:1}", "\"a", "\"\n\"", #""\x""#,
        #""\ud834""#, #""\u12g4""#, "NaN", String(repeating: "[", count: 100_000),
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func numbersThatJSONLacksAreNull() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity)]).compact == "[null,null]")
    }

    @Test func indentedIsForPeople() {
        let value: JSONValue = .object(["a": .array([.integer(1), .null]), "b": .object([:])])
        #expect(value.indented == "{\n  \"a\": [\n    1,\n    null\n  ],\n  \"b\": {}\n}")
    }
}
