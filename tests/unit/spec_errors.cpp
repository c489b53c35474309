// Each mistake that a spec can have: its position and its words.

#include <doctest/doctest.h>

#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

using test::error_of;

// Three competitors on lines 4 to 9 and a world on lines 10 and 11; `more` begins on line 12.
std::string spec_with(std::string_view more) {
  return "[tournament]\nname = \"t\"\n\n"
         "[[competitor]]\ntype = \"Plain\"\n"
         "[[competitor]]\ntype = \"Tuned\"\n"
         "[[competitor]]\ntype = \"Scripted\"\n"
         "[world]\nname = \"probe\"\n" +
         std::string(more);
}

// The same, with `line` in [tournament] on line 3.
std::string tournament_with(std::string_view line) {
  std::string text = spec_with("");
  return text.insert(text.find("\n\n") + 1, line);
}

// Two competitors on lines 3 to 6, then `competitors` from line 7, and a world.
std::string competitors_with(std::string_view competitors) {
  return "[tournament]\nname = \"t\"\n"
         "[[competitor]]\ntype = \"Plain\"\n"
         "[[competitor]]\ntype = \"Tuned\"\n" +
         std::string(competitors) + "\n[world]\nname = \"probe\"\n";
}

TEST_CASE("a small spec is fine") {
  CHECK(error_of(spec_with("")) == "no error");
  CHECK(error_of(tournament_with("seed = 1")) == "no error");
  CHECK(error_of(competitors_with("[[competitor]]\ntype = \"Scripted\"")) == "no error");
}

TEST_CASE("a file that cannot be read is named") {
  const test::SpecFolder folder;
  const auto error = [](const std::filesystem::path& file) -> std::string {
    try {
      spec::load(file, test::probe_worlds(), {});
    } catch (const spec::SpecError& e) {
      return e.what();
    }
    return "no error";
  };
  const std::string missing = (folder.path() / "none.toml").string();
  CHECK(error(missing) == "cannot read the spec " + missing + ": no such file");
  CHECK(error(folder.path()) ==
        "cannot read the spec " + folder.path().string() + ": it is a folder");
  CHECK(error("/dev/zero") == "cannot read the spec /dev/zero: it is larger than 16MiB");
}

TEST_CASE("text that is no TOML is reported where the parser stopped") {
  CHECK(error_of("[tournament]\nname = \n") ==
        "spec.toml:2:8: Error while parsing key-value pair: expected value, saw '\\n'");
  CHECK(error_of("[tournament\n").starts_with("spec.toml:1:12: "));
  CHECK(error_of("[tournament]\nseed = 1\nseed = 2\n").starts_with("spec.toml:3:"));
  CHECK(error_of("[tournament]\nname = \"\xFF\"\n").starts_with("spec.toml:2:"));
  CHECK(error_of(std::string("a\0b", 3)).starts_with("spec.toml:1:2: "));
}

TEST_CASE("sections that are missing or unknown are named") {
  CHECK(error_of("") ==
        "spec.toml:1:1: [world] needs a 'name': one of those that 'joust worlds' lists");
  CHECK(error_of("[world]\nname = \"probe\"\n") ==
        "spec.toml:1:1: no competitors: add a [[competitor]] for each");
  CHECK(error_of("competitor = []\n[world]\nname = \"probe\"\n") ==
        "spec.toml:1:1: no competitors: add a [[competitor]] for each");
  CHECK(error_of("[[competitor]]\ntype = \"Plain\"\n[world]\nname = \"probe\"\n") ==
        "spec.toml:1:1: [tournament] needs a 'name': what the run directory and the tables are "
        "called");
  CHECK(error_of(spec_with("[workrs]\n")) ==
        "spec.toml:12:2: unknown section 'workrs'; did you mean 'workers'?");
  CHECK(
      error_of("sed = 1\n") ==
      "spec.toml:1:1: unknown key 'sed'; known: tournament, competitor, world, workers, resource");
  CHECK(error_of("tournament = 5\n") ==
        "spec.toml:1:1: 'tournament' must be a section of its own: [tournament]");
  CHECK(error_of("[competitor]\ntype = \"Plain\"\n[world]\nname = \"probe\"\n") ==
        "spec.toml:1:2: write [[competitor]], in double brackets, once per competitor");
  CHECK(error_of("competitor = [1]\n[world]\nname = \"probe\"\n") ==
        "spec.toml:1:15: [[competitor]] must be a section of its own");
  CHECK(error_of(spec_with("parameters = 1\n")) ==
        "spec.toml:12:1: 'parameters' must be a section of its own: [world.parameters]");
}

TEST_CASE("unknown keys get the nearest one that exists") {
  CHECK(error_of(tournament_with("sede = 1")) ==
        "spec.toml:3:1: unknown key 'sede' in [tournament]; did you mean 'seed'?");
  CHECK(error_of(spec_with("  atempts = 1\n")) ==
        "spec.toml:12:3: unknown key 'atempts' in [world]; did you mean 'attempts'?");
  CHECK(error_of(spec_with("[workers]\ncuont = 1\n")) ==
        "spec.toml:13:1: unknown key 'cuont' in [workers]; did you mean 'count'?");
  CHECK(error_of(spec_with("[world.parameters]\ninteger_rang = 1\n")) ==
        "spec.toml:13:1: unknown key 'integer_rang' in [world.parameters]; did you mean "
        "'integer_range' or 'integer'?");
  CHECK(error_of(spec_with("[world.parameters]\nzzzzz = 1\n")) ==
        "spec.toml:13:1: unknown key 'zzzzz' in [world.parameters]; known: boolean, integer, real, "
        "text, choice, text_list, integer_range, real_range, duration, size, file, positive");
  CHECK(error_of(competitors_with("typ = 1")) ==
        "spec.toml:7:1: unknown key 'typ' in [[competitor]]; did you mean 'type'?");
  CHECK(error_of(competitors_with("[competitor.parameters]\nlevle = 1")) ==
        "spec.toml:8:1: unknown key 'levle' in [competitor.parameters] of 'Tuned'; did you mean "
        "'level'?");
  CHECK(error_of(competitors_with("[[competitor]]\ntype = \"Plain\"\nname = \"B\"\n"
                                  "parameters.level = 1")) ==
        "spec.toml:10:12: unknown key 'level': [competitor.parameters] of 'B' takes no keys");
}

TEST_CASE("the first mistake in the file is reported first") {
  CHECK(error_of(tournament_with("zeed = 1\nconfig = 1")).starts_with("spec.toml:3:1: "));
}

TEST_CASE("unknown worlds, competitor types and metrics get the nearest names, or all if few") {
  CHECK(error_of("[world]\nname = \"prob\"\n") ==
        "spec.toml:2:8: there is no world 'prob'; did you mean 'probe'?");
  CHECK(error_of("[world]\nname = \"chess\"\n") ==
        "spec.toml:2:8: there is no world 'chess'; known: probe");
  CHECK(error_of(competitors_with("[[competitor]]\ntype = \"tunde\"")) ==
        "spec.toml:8:8: the world probe has no competitor type 'tunde'; did you mean 'Tuned'?");
  CHECK(error_of(competitors_with("[[competitor]]\ntype = \"zebra\"")) ==
        "spec.toml:8:8: the world probe has no competitor type 'zebra'; known: Plain, Tuned, "
        "Scripted");
  CHECK(error_of(tournament_with("metric = \"truncated\"")) ==
        "spec.toml:3:10: 'metric' in [tournament] must be one of \"mean\", \"median\", "
        "\"truncated_mean\", \"min\", \"max\", \"std\", \"sum\"; it is \"truncated\"; did you mean "
        "'truncated_mean'?");
  CHECK(error_of(tournament_with("metric = \"zebra\"")) ==
        "spec.toml:3:10: 'metric' in [tournament] must be one of \"mean\", \"median\", "
        "\"truncated_mean\", \"min\", \"max\", \"std\", \"sum\"; it is \"zebra\"");
}

TEST_CASE("zero, negative and absurd counts are refused with their range") {
  CHECK(error_of(tournament_with("configs = 0")) ==
        "spec.toml:3:11: 'configs' in [tournament] must be an integer from 1 to 1000000; it is 0");
  CHECK(
      error_of(tournament_with("runs = 1000001")) ==
      "spec.toml:3:8: 'runs' in [tournament] must be an integer from 1 to 1000000; it is 1000001");
  CHECK(error_of(tournament_with("seed = -1")) ==
        "spec.toml:3:8: 'seed' in [tournament] must be an integer of at least 0; it is -1");
  CHECK(error_of(tournament_with("seed = 1.5")) ==
        "spec.toml:3:8: 'seed' in [tournament] must be an integer of at least 0; it is 1.5");
  CHECK(error_of(tournament_with("seed = 9223372036854775807")) == "no error");
  CHECK(error_of(tournament_with("seed = 9223372036854775808")).starts_with("spec.toml:3:"));
  CHECK(error_of(spec_with("attempts = 0\n")) ==
        "spec.toml:12:12: 'attempts' in [world] must be an integer from 1 to 100; it is 0");
  CHECK(error_of(spec_with("attempts = \"three\"\n")) ==
        "spec.toml:12:12: 'attempts' in [world] must be an integer from 1 to 100; it is \"three\"");
  CHECK(
      error_of(tournament_with("competitors_per_world = 5")) ==
      "spec.toml:3:25: 'competitors_per_world' in [tournament] must be an integer from 2 to 4; it "
      "is 5");
}

TEST_CASE("more seats than competitors is an error at the number, or at the last competitor") {
  CHECK(error_of(tournament_with("competitors_per_world = 4")) ==
        "spec.toml:3:25: 'competitors_per_world' is 4, but there are only 3 competitors");
  CHECK(error_of(competitors_with("")) ==
        "spec.toml:5:1: 'competitors_per_world' is 3 by default, but there are only 2 competitors");
  CHECK(error_of("[tournament]\nname = \"t\"\n[[competitor]]\ntype = \"Plain\"\n[world]\n"
                 "name = \"probe\"\n") ==
        "spec.toml:3:1: 'competitors_per_world' is 3 by default, but there is only 1 competitor");
}

TEST_CASE("a plan with too many worlds is refused with its numbers") {
  std::string text =
      "[tournament]\nname = \"t\"\nconfigs = 1000000\nruns = 1000000\n"
      "competitors_per_world = 4\n[world]\nname = \"probe\"\n";
  for (int i = 0; i < 200; ++i) {
    text += "[[competitor]]\ntype = \"Plain\"\nname = \"" + std::to_string(i) + "\"\n";
  }
  CHECK(error_of(text) ==
        "spec.toml:3:11: too many worlds: C(200, 4) sets x 1000000 configurations x 4 rotations x "
        "1000000 runs do not fit 62 bits");
}

TEST_CASE("ten thousand competitors are the most") {
  std::string text = "[tournament]\nname = \"t\"\n[world]\nname = \"probe\"\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "[[competitor]]\ntype = \"Plain\"\nname = \"" + std::to_string(i) + "\"\n";
  }
  CHECK(error_of(text) == "no error");
  text += "[[competitor]]\ntype = \"Plain\"\nname = \"x\"\n";
  CHECK(error_of(text) == "spec.toml:30005:1: 10001 competitors; the most is 10000");
}

TEST_CASE("names are checked") {
  const auto named = [](const std::string& name) {
    return error_of("[tournament]\nname = \"" + name +
                    "\"\ncompetitors_per_world = 2\n[[competitor]]\ntype = \"Plain\"\n"
                    "[[competitor]]\ntype = \"Tuned\"\n[world]\nname = \"probe\"\n");
  };
  CHECK(named("a") == "no error");
  CHECK(named("2024.oneshot_A-1") == "no error");
  CHECK(named(std::string(64, 'x')) == "no error");
  CHECK(named("") == "spec.toml:2:8: '' cannot name a tournament: it is empty");
  CHECK(named(std::string(65, 'x')) == "spec.toml:2:8: '" + std::string(65, 'x') +
                                           "' cannot name a tournament: it has 65 bytes; the most "
                                           "is 64");
  for (const char* bad : {"..", ".x", "-x", "a/b", "a b", "\xC3\xA9t\xC3\xA9"}) {
    CAPTURE(bad);
    CHECK(named(bad) == "spec.toml:2:8: '" + std::string(bad) +
                            "' cannot name a tournament: use letters, digits, '.', '_' and '-', "
                            "beginning with a letter or a digit");
  }
}

TEST_CASE("competitors' names are printable, short and unique") {
  const auto named = [](const std::string& name) {
    return error_of(competitors_with("[[competitor]]\ntype = \"Plain\"\nname = \"" + name + "\""));
  };
  CHECK(named("B\xC3\xA9la the 2nd. (\xE4\xBA\x8C)") == "no error");
  CHECK(named("") == "spec.toml:9:8: \"\" cannot name a competitor: it is empty");
  CHECK(named("a/b") == "spec.toml:9:8: \"a/b\" cannot name a competitor: '/' is not allowed");
  CHECK(named(" a") ==
        "spec.toml:9:8: \" a\" cannot name a competitor: it begins or ends with a "
        "space");
  for (const char* control :
       {"a\\tb", "\\u0000", "a\\u001Fb", "a\\u007F", "a\\u0085b", "\\u2028"}) {
    CAPTURE(control);
    const std::string error = named(control);
    CAPTURE(error);
    CHECK(error.starts_with("spec.toml:9:8: "));
    CHECK(error.ends_with("cannot name a competitor: control characters are not allowed"));
  }
  CHECK(named(std::string(65, 'x')).ends_with("it has 65 bytes; the most is 64"));
  for (const std::string missing : {"NA", "nan", "None", "null", "<NA>", "-1.#IND"}) {
    CAPTURE(missing);
    CHECK(named(missing) == "spec.toml:9:8: \"" + missing +
                                "\" cannot name a competitor: pandas would read it in the tables "
                                "as a missing value; '" +
                                missing + "_' is no such word");
    CHECK(named(missing + "_") == "no error");
  }
  CHECK(error_of(competitors_with("name = 5")) ==
        "spec.toml:7:8: 'name' in [[competitor]] must be a text in quotes; it is 5");
  CHECK(named("Tuned") ==
        "spec.toml:9:8: there is already a competitor named 'Tuned' (line 5); give one of them "
        "another 'name'");
  CHECK(error_of(competitors_with("[[competitor]]\ntype = \"Plain\"")) ==
        "spec.toml:7:1: there is already a competitor named 'Plain' (line 3); give one of them "
        "another 'name'");
  CHECK(error_of(competitors_with("[[competitor]]\nname = \"x\"")) ==
        "spec.toml:7:1: [[competitor]] needs a 'type': one of the world's competitor types");
}

std::string parameter_error(const std::string& line) {
  return error_of(spec_with("[world.parameters]\n" + line + "\n"));
}

TEST_CASE("every kind of parameter refuses other types and values out of range") {
  const auto at = [](const char* key, std::size_t column, const char* must_be, const char* it_is) {
    return "spec.toml:13:" + std::to_string(column) + ": '" + key +
           "' in [world.parameters] must be " + must_be + "; it is " + it_is;
  };
  CHECK(parameter_error("boolean = 1") == at("boolean", 11, "true or false", "1"));
  CHECK(parameter_error("integer = 101") == at("integer", 11, "an integer from 1 to 100", "101"));
  CHECK(parameter_error("integer = 5.0") == at("integer", 11, "an integer from 1 to 100", "5.0"));
  CHECK(parameter_error("integer = true") == at("integer", 11, "an integer from 1 to 100", "true"));
  CHECK(parameter_error("integer = 2024-01-01") ==
        at("integer", 11, "an integer from 1 to 100", "a date or time"));
  CHECK(parameter_error("integer = {a = 1}") ==
        at("integer", 11, "an integer from 1 to 100", "a table"));
  CHECK(parameter_error("real = 1.01") == at("real", 8, "a number from 0 to 1", "1.01"));
  CHECK(parameter_error("real = nan") == at("real", 8, "a number from 0 to 1", "nan"));
  CHECK(parameter_error("real = \"x\"") == at("real", 8, "a number from 0 to 1", "\"x\""));
  CHECK(parameter_error("positive = inf") ==
        at("positive", 12, "a number of at least 0.001", "inf"));
  CHECK(parameter_error("text = 5") == at("text", 8, "a text in quotes", "5"));
  CHECK(parameter_error("choice = \"slow\"") ==
        at("choice", 10, "one of \"fast\", \"thorough\"", "\"slow\""));
  CHECK(parameter_error("text_list = \"a\"") == at("text_list", 13, "a list of texts", "\"a\""));
  CHECK(parameter_error("text_list = [\"a\", 1]") ==
        at("text_list", 13, "a list of texts", "[\"a\", 1]"));
  CHECK(parameter_error("integer_range = [1, 2, 3]") ==
        at("integer_range", 17, "an integer or [low, high], from 1 to 10000", "[1, 2, 3]"));
  CHECK(parameter_error("integer_range = [0, 2]") ==
        at("integer_range", 17, "an integer or [low, high], from 1 to 10000", "[0, 2]"));
  CHECK(parameter_error("integer_range = [1, 2.5]") ==
        at("integer_range", 17, "an integer or [low, high], from 1 to 10000", "[1, 2.5]"));
  CHECK(parameter_error("real_range = [0.5, 2.5]") ==
        at("real_range", 14, "a number or [low, high], from 0 to 2", "[0.5, 2.5]"));
  CHECK(parameter_error("duration = 250") ==
        at("duration", 12, "a duration such as \"250ms\" or \"15m\", from 0s to 1s", "250"));
  CHECK(parameter_error("duration = \"2s\"") ==
        at("duration", 12, "a duration such as \"250ms\" or \"15m\", from 0s to 1s", "\"2s\""));
  CHECK(parameter_error("duration = \"none\"") ==
        at("duration", 12, "a duration such as \"250ms\" or \"15m\", from 0s to 1s", "\"none\""));
  CHECK(parameter_error("size = -1") ==
        at("size", 8, "a size such as \"64KiB\" or a number of bytes, from 0B to 1MiB", "-1"));
  CHECK(
      parameter_error("size = \"2MiB\"") ==
      at("size", 8, "a size such as \"64KiB\" or a number of bytes, from 0B to 1MiB", "\"2MiB\""));
  CHECK(parameter_error("file = 3") == at("file", 8, "the path of a file", "3"));
  CHECK(parameter_error("file = \"\"") == at("file", 8, "the path of a file", "\"\""));
}

TEST_CASE("a range with its ends the wrong way round is refused") {
  CHECK(parameter_error("integer_range = [200, 50]") ==
        "spec.toml:13:17: 'integer_range' in [world.parameters] is [200, 50]: write the low end "
        "first");
  CHECK(parameter_error("real_range = [1, 0.5]") ==
        "spec.toml:13:14: 'real_range' in [world.parameters] is [1, 0.5]: write the low end first");
}

TEST_CASE("control characters of the file do not reach the terminal") {
  CHECK(error_of("\"a\\u001b[2J\\u0000b\" = 1\n")
            .starts_with("spec.toml:1:1: unknown key 'a\\u001B[2J\\u0000b'"));
}

TEST_CASE("long values are cut in messages, between two letters") {
  CHECK(parameter_error("integer = \"" + std::string(59, 'y') + "\xC3\xA9\xC3\xA9\"")
            .ends_with("it is \"" + std::string(59, 'y') + "...\" (63 bytes)"));
  CHECK(parameter_error("integer = \"" + std::string(100, 'y') + "\"")
            .ends_with("it is \"" + std::string(60, 'y') + "...\" (100 bytes)"));
}

TEST_CASE("a file that a parameter names must be there") {
  CHECK(parameter_error("file = \"none.py\"") ==
        "spec.toml:13:8: 'file' in [world.parameters]: cannot read none.py: no such file");
  CHECK(parameter_error("file = \".\"").ends_with(": it is a folder"));
  CHECK(parameter_error("file = \"/dev/null\"") ==
        "spec.toml:13:8: 'file' in [world.parameters]: /dev/null is empty");
  CHECK(parameter_error("file = \"/dev/zero\"").ends_with(": it is larger than 16MiB"));
}

TEST_CASE("pool options out of their range are refused") {
  const auto worker_error = [](const std::string& line) {
    return error_of(spec_with("[workers]\n" + line + "\n"));
  };
  const std::string count =
      "'count' in [workers] must be \"auto\" or an integer from 1 to 1024; it is ";
  CHECK(worker_error("count = 0") == "spec.toml:13:9: " + count + "0");
  CHECK(worker_error("count = 1025") == "spec.toml:13:9: " + count + "1025");
  CHECK(worker_error("count = -1") == "spec.toml:13:9: " + count + "-1");
  CHECK(worker_error("count = \"many\"") == "spec.toml:13:9: " + count + "\"many\"");
  CHECK(worker_error("count = \"4\"") == "spec.toml:13:9: " + count + "\"4\"");
  CHECK(worker_error("count = 1.5") == "spec.toml:13:9: " + count + "1.5");
  CHECK(worker_error("ring_size = \"100KiB\"") ==
        "spec.toml:13:13: 'ring_size' in [workers] must be a power of two, such as \"1MiB\"; it is "
        "\"100KiB\"");
  CHECK(worker_error("ring_size = 1024").find("from 64KiB to 256MiB; it is 1024") !=
        std::string::npos);
  CHECK(worker_error("frozen_timeout = \"0s\"").find("from 1ms to 30d") != std::string::npos);
  CHECK(worker_error("nice = 20") ==
        "spec.toml:13:8: 'nice' in [workers] must be an integer from 0 to 19; it is 20");
  CHECK(worker_error("nice = -1").find("from 0 to 19; it is -1") != std::string::npos);
  CHECK(worker_error("pin = 1").find("must be true or false; it is 1") != std::string::npos);
  CHECK(worker_error("ionice = \"best-effort\"")
            .starts_with("spec.toml:13:10: 'ionice' in [workers] must be one of \"none\", "
                         "\"idle\", \"best-effort:0\""));
  CHECK(worker_error("durable = \"yes\"").find("must be true or false") != std::string::npos);
  CHECK(error_of(tournament_with("deadline = \"2y\"")) ==
        "spec.toml:3:12: 'deadline' in [tournament] must be a duration such as \"250ms\" or "
        "\"15m\", or \"none\", from 1ms to 365d; it is \"2y\"");
}

TEST_CASE("what the world itself refuses is reported at its name") {
  CHECK(parameter_error("integer = 13") == "spec.toml:11:8: 13 is unlucky");
}

TEST_CASE("values of the command line are checked too") {
  const auto error = [](const spec::Overrides& overrides) {
    return error_of(spec_with(""), overrides);
  };
  CHECK(error({"a/b", {}, {}}) ==
        "--name: 'a/b' cannot name a tournament: use letters, digits, '.', '_' and '-', beginning "
        "with a letter or a digit");
  for (const char* seed : {"-1", "9223372036854775808", "", "1e3", " 7", "seven"}) {
    CAPTURE(seed);
    CHECK(error({{}, seed, {}}) ==
          "--seed must be a number from 0 to 9223372036854775807; it is '" + std::string(seed) +
              "'");
  }
  for (const char* workers : {"0", "1025", "", "4x", "-1", "Auto", "99999999999"}) {
    CAPTURE(workers);
    CHECK(error({{}, {}, workers}) ==
          "--workers must be \"auto\" or a number from 1 to 1024; it is '" + std::string(workers) +
              "'");
  }
}

TEST_CASE("no text brings the loader down") {
  const std::string text = spec_with("[world.parameters]\ninteger_range = [50, 60]\n");
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_NOTHROW(error_of(text.substr(0, size)));  // SpecError or nothing
    std::string changed = text;
    changed[size] = '[';
    CHECK_NOTHROW(error_of(changed));
  }
}

}  // namespace
}  // namespace joust
