// The parts of command worlds that need no other program: lines, messages and placeholders.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "worker/worlds/command/messages.hpp"
#include "worker/worlds/command/placeholders.hpp"
#include "worker/worlds/program/line_channel.hpp"

namespace joust::worlds::command {
namespace {

using program::LineChannel;
using Outcome = LineChannel::Outcome;

class PipeEnds {
 public:
  PipeEnds() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
  ~PipeEnds() {
    ::close(ends_[0]);
    close_writer();
  }
  PipeEnds(const PipeEnds&) = delete;
  PipeEnds& operator=(const PipeEnds&) = delete;
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void write(std::string_view text) const {
    REQUIRE(::write(ends_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

struct Example {
  WorldSetup setup;
  std::vector<std::uint32_t> seats = {1, 0};
  WorldTask task;
  Example() {
    setup.seats = 2;
    setup.competitors = {{"Ann", "a", {}}, {"Bob", "b", {}}};
    task.seats = seats;
    task.index = 7;
    task.seed = UINT64_MAX;
  }
};

TEST_CASE("lines come one by one, whatever the pieces they were written in") {
  PipeEnds pipe;
  LineChannel lines(pipe.reader(), -1, -1, 10);
  pipe.write("one\ntwo\nth");
  REQUIRE(lines.read() == Outcome::line);
  CHECK(lines.line() == "one");
  REQUIRE(lines.read() == Outcome::line);
  CHECK(lines.line() == "two");
  CHECK(lines.read(std::chrono::milliseconds(1)) == Outcome::late);
  pipe.write("ree\n");
  REQUIRE(lines.read() == Outcome::line);
  CHECK(lines.line() == "three");
  pipe.write("half");
  pipe.close_writer();
  CHECK(lines.read() == Outcome::closed);
}

TEST_CASE("a line of the limit passes, and one byte more does not") {
  PipeEnds pipe;
  LineChannel lines(pipe.reader(), -1, -1, 10);
  pipe.write("0123456789\n0123456789x\n");
  CHECK(lines.read() == Outcome::line);
  CHECK(lines.read() == Outcome::too_long);
  PipeEnds endless;
  LineChannel waiting(endless.reader(), -1, -1, 10);
  endless.write("01234567890123456789");
  CHECK(waiting.read() == Outcome::too_long);
}

TEST_CASE("a long line is read whole") {
  PipeEnds pipe;
  const std::string text(1 << 20, 'x');
  std::thread writer([&] {
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t some = std::min<std::size_t>(rest.size(), 5000);
      pipe.write(rest.substr(0, some));
      rest.remove_prefix(some);
    }
    pipe.write("\n");
  });
  LineChannel lines(pipe.reader(), -1, -1, text.size());
  const Outcome outcome = lines.read();
  writer.join();
  REQUIRE(outcome == Outcome::line);
  CHECK(lines.line() == text);
}

TEST_CASE("to one that does not read, no longer is written than there is time") {
  using Written = LineChannel::Written;
  PipeEnds pipe;
  ::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK);
  const LineChannel lines(-1, pipe.writer(), -1, 10);
  CHECK(lines.write_within("some\n", Duration::zero()) == Written::all);
  const std::string more(1 << 20, 'x');
  CHECK(lines.write_within(more, std::chrono::milliseconds(1)) == Written::late);
  CHECK(lines.write_within("x", Duration::zero()) == Written::late);

  std::thread reader([&] {
    LineChannel theirs(pipe.reader(), -1, -1, 4 * more.size());
    CHECK(theirs.read() == Outcome::line);
    CHECK(theirs.read() == Outcome::line);
  });
  CHECK(lines.write_within(more + "\n", std::chrono::seconds(60)) == Written::all);
  reader.join();
}

TEST_CASE("a world's message has seeds that every language reads exactly") {
  const Example example;
  const auto message = nlohmann::json::parse(play_line(example.task, 2));
  CHECK(message["type"] == "play");
  CHECK(message["task"] == 7);
  CHECK(message["attempt"] == 2);
  CHECK(message["seed"] == (std::uint64_t{1} << 53) - 1);
  CHECK(message["seats"] == nlohmann::json::array({1, 0}));
}

TEST_CASE("a result's parts are read, and agents are called after their competitors") {
  const Example example;
  const Answer answer = read_answer(
      R"({"type":"result","task":7,"scores":[1.5,null],"counters":{"n":3},"seat_counters":[{"m":1},{}],)"
      R"("payload":"p","forfeits":[null,"too slow"],"unknown":[]})",
      example.setup, example.task);
  const auto& result = std::get<WorldResult>(answer);
  CHECK(result.seats[0].agent_name == "Bob@0");
  CHECK(result.seats[0].score == 1.5);
  CHECK(std::isnan(result.seats[1].score));
  CHECK(result.seats[0].counters == std::vector<Counter>{{"m", 1}});
  CHECK(result.seats[0].forfeit.empty());
  CHECK(result.seats[1].forfeit == "too slow");
  CHECK(result.counters == std::vector<Counter>{{"n", 3}});
  CHECK(result.payload == "p");
}

TEST_CASE("an answer to another task is told from the one that is due") {
  const Example example;
  const Answer answer =
      read_answer(R"({"type":"result","task":8,"scores":[1,2]})", example.setup, example.task);
  REQUIRE(std::holds_alternative<OtherTask>(answer));
  CHECK(std::get<OtherTask>(answer).task == 8);
}

TEST_CASE("a message that does not have its form is refused with what is wrong") {
  const Example example;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"hello", "no JSON: hello"},
      {"[1]", "must be a JSON object"},
      {R"({"scores":[1,2]})", "without a type"},
      {R"({"type":"result","task":7})", "without 'scores'"},
      {R"({"type":"result","task":7,"scores":[1]})", "for each of 2 seats"},
      {R"({"type":"result","task":7,"scores":[1,"2"]})", "'scores' must hold numbers"},
      {R"({"type":"result","task":7,"scores":[1,2],"names":[1,2]})", "'names' must hold texts"},
      {R"({"type":"result","task":7,"scores":[1,2],"counters":[1]})",
       "'counters' must hold objects"},
      {R"({"type":"result","task":7,"scores":[1,2],"forfeits":[1,2]})",
       "'forfeits' must hold texts"},
      {R"({"type":"progress","step":-1,"of":2})", "'step' must be a whole number"},
      {R"({"type":"error","task":7,"text":"x","seat":2})", "from 0 to 1"},
      {R"({"type":"result","scores":[1,2]})", "'task' must be a whole number"},
      {R"({"type":"hello"})", "'hello' is no message that is due now"},
  };
  for (const auto& [line, error] : cases) {
    CAPTURE(line);
    try {
      read_answer(line, example.setup, example.task);
      FAIL("it was read");
    } catch (const BadMessage& thrown) {
      CHECK(std::string(thrown.what()).find(error) != std::string::npos);
    }
  }
}

TEST_CASE("placeholders stand for a world's values, and a doubled dollar for itself") {
  const Example example;
  const Placeholders values = placeholders_of(example.setup, example.task, 3);
  CHECK(replace_placeholders("a${task}b${name0}${attempt}", values) == "a7bBob3");
  CHECK(replace_placeholders("$${task} $HOME {x}", values) == "${task} $HOME {x}");
  CHECK_THROWS_WITH_AS(replace_placeholders("${name2}", values),
                       doctest::Contains("there is no placeholder ${name2}"), SetupError);
  CHECK_THROWS_AS(replace_placeholders("${task", values), SetupError);
}

}  // namespace
}  // namespace joust::worlds::command
