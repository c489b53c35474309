// The progress line on a terminal: one line, never wider than the window, wiped at the end.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

// What a terminal shows of some output: its lines, as far as carriage returns, line feeds, colours
// and "erase to the end of the line" go. Counts how wide the widest line ever was.
class Screen {
 public:
  explicit Screen(const std::string& output) {
    for (std::size_t at = 0; at < output.size(); ++at) {
      if (output[at] == '\033') {
        at = escape(output, at);
      } else if (output[at] == '\r') {
        column_ = 0;
      } else if (output[at] == '\n') {
        lines_.emplace_back();
        column_ = 0;
      } else {
        put(output[at]);
      }
    }
  }
  const std::vector<std::string>& lines() const { return lines_; }
  std::size_t widest() const { return widest_; }
  std::size_t redraws() const { return redraws_; }
  const std::string& unknown_escapes() const { return unknown_; }

 private:
  std::size_t escape(const std::string& output, std::size_t at) {
    const std::size_t end = output.find_first_of("mKJH", at);
    if (end == std::string::npos) return output.size();
    const std::string code = output.substr(at + 1, end - at);
    if (code == "[K") {
      lines_.back().resize(std::min(lines_.back().size(), column_));
      ++redraws_;
    } else if (code.back() != 'm') {
      unknown_ += code;
    }
    return end;
  }
  void put(char letter) {
    std::string& line = lines_.back();
    if (line.size() <= column_) line.resize(column_ + 1, ' ');
    line[column_++] = letter;
    widest_ = std::max(widest_, line.size());
  }
  std::vector<std::string> lines_{""};
  std::size_t column_ = 0;
  std::size_t widest_ = 0;
  std::size_t redraws_ = 0;
  std::string unknown_;
};

struct OnTerminal {
  ScratchFolder folder;
  std::filesystem::path dir = folder.path() / "run";
  JoustProcess process;

  OnTerminal(const SpecText& spec, unsigned short columns,
             std::map<std::string, std::string> environment = {},
             std::vector<std::string> options = {})
      : process(arguments(spec, std::move(options)), terminal(columns, std::move(environment))) {}

  std::vector<std::string> arguments(const SpecText& spec, std::vector<std::string> options) {
    options.insert(options.begin(),
                   {"run", write_spec(folder.path(), spec).string(), "--out", dir.string()});
    return options;
  }
  static JoustOptions terminal(unsigned short columns,
                               std::map<std::string, std::string> environment) {
    JoustOptions options;
    options.errors_to_terminal = true;
    options.columns = columns;
    options.environment = std::move(environment);
    return options;
  }
};

TEST_CASE("the progress is one line, narrower than the window, and wiped at the end") {
  for (const unsigned short columns : std::vector<unsigned short>{200, 80, 40, 12, 2}) {
    CAPTURE(columns);
    OnTerminal run(busy_worlds(20, "40ms"), columns);
    CHECK(run.process.wait() == 0);
    const std::string output = run.process.err();
    CAPTURE(output);
    const Screen screen(output);
    CHECK(screen.redraws() >= 3);
    CHECK(screen.widest() < columns);
    REQUIRE(screen.lines().size() == 1);
    CHECK(screen.lines()[0].empty());
    CHECK(screen.unknown_escapes().empty());
  }
}

TEST_CASE("NO_COLOR takes the colours away, and only them") {
  SpecText spec = busy_worlds(20, "40ms");
  OnTerminal run(spec, 80, {{"NO_COLOR", "1"}});
  CHECK(run.process.wait() == 0);
  const std::string output = run.process.err();
  CAPTURE(output);
  CHECK(output.find("\033[K") != std::string::npos);
  std::size_t colours = 0;
  for (std::size_t at = output.find('\033'); at != std::string::npos;
       at = output.find('\033', at + 1)) {
    if (output[output.find_first_of("mKJH", at)] == 'm') ++colours;
  }
  CHECK(colours == 0);
}

TEST_CASE("--quiet shows no progress on a terminal") {
  OnTerminal run(busy_worlds(5, "40ms"), 80, {}, {"--quiet"});
  CHECK(run.process.wait() == 0);
  CHECK(run.process.err().empty());
}

TEST_CASE("a message does not end up behind the progress line") {
  OnTerminal run(busy_worlds(500, "40ms"), 80);
  REQUIRE(eventually(seconds(20), [&] {
    return results_in(run.dir) >= 1 && run.process.err().find("done") != std::string::npos;
  }));
  run.process.signal(SIGUSR1);
  REQUIRE(eventually(seconds(5),
                     [&] { return run.process.err().find("slot  epoch") != std::string::npos; }));
  run.process.signal(SIGINT);
  CHECK(run.process.wait() == 130);
  const Screen screen(run.process.err());
  std::string shown;
  for (const std::string& line : screen.lines()) shown += line + "\n";
  CAPTURE(shown);
  const auto begins = [&](const std::string& text) {
    return std::any_of(screen.lines().begin(), screen.lines().end(),
                       [&](const std::string& line) { return line.starts_with(text); });
  };
  CHECK(begins("slot  epoch"));
  CHECK(begins("joust: stopping; "));
  CHECK(begins("joust: interrupted; "));
  CHECK(screen.lines().back().empty());
}

}  // namespace
}  // namespace joust::test
