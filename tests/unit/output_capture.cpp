#include "runner/os/output_capture.hpp"

#include <doctest/doctest.h>

namespace joust {
namespace {

using os::OutputCapture;

TEST_CASE("what a world printed is told under its lease, and under no other") {
  OutputCapture capture(100);
  capture.feed("first\n", 1);
  capture.feed("second\n", 2);
  CHECK(capture.text_of(3).empty());
  CHECK(capture.text_of(2).ends_with("second\n"));
  CHECK(capture.text_of(2).find("first") == std::string::npos);
}

TEST_CASE("once the pipe was found empty, later output is of no earlier world") {
  OutputCapture capture(100);
  capture.feed("first\n", 1);
  capture.caught_up(4);
  capture.feed("fourth\n", 4);
  CHECK(capture.text_of(2).empty());
  CHECK(capture.text_of(4) == "fourth\n");
}

TEST_CASE("a worker's words before its first world are kept under lease 0") {
  OutputCapture capture(100);
  capture.feed("cannot start\n", 0);
  CHECK(capture.text_of(0) == "cannot start\n");
}

TEST_CASE("a worker that printed nothing has no text") {
  const OutputCapture capture(100);
  CHECK(capture.text_of(0).empty());
  CHECK(capture.text_of(1).empty());
}

TEST_CASE("output within twice the limit is kept whole, however it arrives") {
  const std::string text = "0123456789abcdefghij";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    OutputCapture capture(10);
    for (std::size_t at = 0; at < text.size(); at += piece) capture.feed(text.substr(at, piece), 0);
    CHECK(capture.text_of(0) == text);
  }
}

TEST_CASE("of more output, head and tail are kept, and the gap between them is counted") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>('a' + i % 26);
  for (const std::size_t piece :
       {1UL, 3UL, 9UL, 10UL, 11UL, 19UL, 20UL, 21UL, 35UL, 500UL, 1000UL}) {
    CAPTURE(piece);
    OutputCapture capture(10);
    for (std::size_t at = 0; at < text.size(); at += piece) capture.feed(text.substr(at, piece), 0);
    CHECK(capture.text_of(0) ==
          text.substr(0, 10) + "\n[joust: 980 bytes dropped here]\n" + text.substr(990));
  }
}

TEST_CASE("a limit of nothing keeps nothing but the count") {
  OutputCapture capture(0);
  capture.feed("abc", 0);
  capture.feed("de", 0);
  CHECK(capture.text_of(0) == "\n[joust: 5 bytes dropped here]\n");
}

TEST_CASE("bytes that may be of several short worlds are told under each, with a remark") {
  OutputCapture capture(100);
  capture.feed("one\n", 1);
  capture.feed("of two to nine\n", 9);
  for (LeaseOrdinal ordinal = 2; ordinal <= 9; ++ordinal) {
    CAPTURE(ordinal);
    const std::string text = capture.text_of(ordinal);
    CHECK(text.ends_with("of two to nine\n"));
    CHECK(text.starts_with("[joust: the next lines may be of the 8 worlds played before"));
  }
}

TEST_CASE("a worker that prints in every world costs a bounded amount of memory") {
  OutputCapture capture(10);
  for (LeaseOrdinal ordinal = 1; ordinal <= 10'000; ++ordinal) capture.feed("words\n", ordinal);
  CHECK(capture.text_of(5000).empty());
  CHECK(capture.text_of(10'000).ends_with("words\n"));
}

TEST_CASE("a worker whose memory counts backwards breaks nothing") {
  OutputCapture capture(10);
  capture.feed("a", 4'000'000'000U);
  capture.feed("b", 3);
  capture.feed("c", 0);
  CHECK(capture.text_of(0).find('c') != std::string::npos);
}

}  // namespace
}  // namespace joust
