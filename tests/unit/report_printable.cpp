#include "runner/report/printable.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "runner/report/human.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust::report;
using joust::test::ScratchFolder;
using joust::test::write_text;

TEST_CASE("control characters and escape sequences never reach the terminal") {
  CHECK(printable("\033[1;31mred\033[0m alert") == "red alert");
  CHECK(printable("\033]0;a title\007text") == "text");
  CHECK(printable("\033]0;a title\033\\text") == "text");
  CHECK(printable("a\tb\rc\nd") == "a b c d");
  CHECK(printable(std::string_view("nul\0bell\a\x7f", 10)) == "nul?bell??");
  CHECK(printable("cut short \033[12") == "cut short ");
  CHECK(printable("\033") == "");
  CHECK(printable("right\xE2\x80\xAEleft") == "right?left");  // would reverse the rest of the line
  CHECK(printable("\xC2\x9B"
                  "31m") == "?31m");  // a C1 control
}

TEST_CASE("valid UTF-8 is kept and every other byte becomes a question mark") {
  CHECK(printable("caf\xC3\xA9 \xE5\x90\x8D \xF0\x9F\x98\x80") ==
        "caf\xC3\xA9 \xE5\x90\x8D \xF0\x9F\x98\x80");
  CHECK(printable("\xFF\xFE") == "??");
  CHECK(printable("\xC0\xAF") == "??");          // overlong
  CHECK(printable("\xED\xA0\x80") == "???");     // a surrogate
  CHECK(printable("cut \xE5\x90") == "cut ??");  // half a letter
}

TEST_CASE("no junk whatever makes text that is wider than it was clipped to") {
  std::uint64_t state = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string junk;
    for (int i = 0; i < 200; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      junk += static_cast<char>(state >> 56U);
    }
    const std::string text = printable(junk);
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      CHECK((byte >= 0x20 && byte != 0x7F));
    }
    CHECK(printable(text) == text);
    const std::size_t width = static_cast<std::size_t>(round) % 60;
    CHECK(display_width(clip(text, width)) <= width);
    CHECK(display_width(pad_right(text, width)) == width);
  }
}

TEST_CASE("text is clipped between letters and says that it was") {
  CHECK(clip("abcdef", 6) == "abcdef");
  CHECK(clip("abcdefg", 6) == "abc...");
  CHECK(clip("abcdefg", 2) == "ab");
  CHECK(clip("\xE5\x90\x8D\xE5\x90\x8D\xE5\x90\x8D", 5) == "\xE5\x90\x8D...");
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("a-very-long-word b", 4) == std::vector<std::string>{"a-very-long-word", "b"});
}

TEST_CASE("the last words are the last lines that show anything") {
  const ScratchFolder folder;
  const auto file = folder.path() / "log";
  write_text(file, "one\ntwo\n\n  \nthree\r\n\033[0m\nfour\n\n");
  CHECK(last_words(file, 3) == std::vector<std::string>{"two", "three", "four"});
  CHECK(last_words(file, 9).size() == 4);
  write_text(file, "no line break at the end");
  CHECK(last_words(file, 3) == std::vector<std::string>{"no line break at the end"});
  write_text(file, "");
  CHECK(last_words(file, 3).empty());
  write_text(file, "\n");
  CHECK(last_words(file, 3).empty());
  CHECK(last_words(folder.path() / "absent", 3).empty());
}

TEST_CASE("a line of a megabyte is shown by its end and marked as cut") {
  const ScratchFolder folder;
  const auto file = folder.path() / "log";
  std::string line(1 << 20, 'x');
  line += "the end";
  write_text(file, line);
  const auto words = last_words(file, 3);
  REQUIRE(words.size() == 1);
  CHECK(words[0].size() < 5000);
  CHECK(words[0].rfind("...x", 0) == 0);
  CHECK(words[0].substr(words[0].size() - 7) == "the end");

  line += "\nlast line\n";
  write_text(file, line);
  CHECK(last_words(file, 3) == std::vector<std::string>{"last line"});
}

TEST_CASE("binary output gives printable last words") {
  const ScratchFolder folder;
  std::string junk;
  for (int i = 0; i < 9000; ++i) junk += static_cast<char>(i * 37);
  write_text(folder.path() / "log", junk);
  for (const std::string& line : last_words(folder.path() / "log", 3)) {
    CHECK(printable(line) == line);
  }
}

TEST_CASE("numbers for people") {
  CHECK(human_seconds(8.4) == "8s");
  CHECK(human_seconds(59.9) == "1m00s");
  CHECK(human_seconds(185) == "3m05s");
  CHECK(human_seconds(7440) == "2h04m");
  CHECK(human_seconds(90000) == "1d01h");
  CHECK(human_seconds(-1) == "?");
  CHECK(human_bytes(512) == "512 B");
  CHECK(human_bytes(1288490189) == "1.2 GiB");
  CHECK(human_bytes((1ULL << 20U) - 1) == "1.0 MiB");
  CHECK(human_rate(0.04) == "0.04");
  CHECK(human_rate(12.34) == "12.3");
  CHECK(human_rate(1234567) == "1.2M");
  CHECK(human_score(1.5) == "1.500000");
  CHECK(human_score(-1e12) == "-1e+12");
}

TEST_CASE("commands survive being pasted into a shell") {
  CHECK(resume_command("joust", "runs/a-1") == "joust resume runs/a-1");
  CHECK(resume_command("joust", "runs/it's mine") == "joust resume 'runs/it'\\''s mine'");
  CHECK(resume_command("joust", "-x") == "joust resume './-x'");
  CHECK(resume_command("build/bin/joust", "x") == "build/bin/joust resume x");
}
