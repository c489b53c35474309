#include "runner/report/event_tail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::streamoff kTail = 256 << 10;

// The whole lines among the last bytes of a file.
std::string last_lines(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const std::streamoff size = in.tellg();
  const std::streamoff begin = std::max<std::streamoff>(0, size - kTail);
  in.seekg(begin);
  std::string text(static_cast<std::size_t>(size - begin), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (begin > 0) text.erase(0, text.find('\n') + 1);
  return text;
}

std::string clock_time(std::int64_t unix_millis) {
  const std::time_t seconds = unix_millis / 1000;
  std::tm broken_down{};
  ::localtime_r(&seconds, &broken_down);
  return fmt::format("{:02}:{:02}:{:02}", broken_down.tm_hour, broken_down.tm_min,
                     broken_down.tm_sec);
}

// "12:04:51  attempt_failed  task 17, attempt 1, cause crashed, detail signal 11 (SIGSEGV)"
std::string line_of(const Json& event) {
  std::string text = fmt::format("{}  {:<16}", clock_time(event.at("at").get<std::int64_t>()),
                                 event.at("event").get<std::string>());
  const char* separator = "  ";
  for (const auto& [key, value] : event.items()) {
    if (key == "at" || key == "event" || value == "") continue;
    text += fmt::format("{}{} {}", separator, key,
                        value.is_string() ? value.get<std::string>() : value.dump());
    separator = ", ";
  }
  return printable(text);
}

class TailReader {
 public:
  void take(const Json& event) {
    const auto name = event.at("event").get<std::string>();
    if (name == "sample") {
      take_sample(event.at("at").get<double>() / 1000, event.at("done").get<double>());
      return;
    }
    if (name == "session_started" || name == "session_resumed") {
      has_sample_ = false;
      tail_.rates.clear();
    }
    tail_.events.push_back(line_of(event));
  }

  EventTail tail(std::size_t events, std::size_t samples) && {
    keep_last(tail_.events, events);
    keep_last(tail_.rates, samples);
    return std::move(tail_);
  }

 private:
  void take_sample(double at, double done) {
    if (has_sample_ && at > at_) tail_.rates.push_back(std::max(0.0, done - done_) / (at - at_));
    has_sample_ = true;
    at_ = at;
    done_ = done;
  }

  template <class Value>
  static void keep_last(std::vector<Value>& values, std::size_t count) {
    if (values.size() > count) {
      values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(count));
    }
  }

  EventTail tail_;
  bool has_sample_ = false;
  double at_ = 0;
  double done_ = 0;
};

}  // namespace

EventTail read_event_tail(const std::filesystem::path& run_dir, std::size_t events,
                          std::size_t samples) {
  TailReader reader;
  std::istringstream lines(last_lines(run_dir / "events.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    try {
      reader.take(Json::parse(line));
    } catch (const nlohmann::json::exception&) {  // half a line, or damaged
    }
  }
  return std::move(reader).tail(events, samples);
}

std::string render_tail(const EventTail& tail, std::size_t width, bool colour) {
  const Paint paint(colour);
  std::string text;
  if (!tail.rates.empty()) {
    constexpr std::string_view kTitle = "worlds/s";
    const std::string now = fmt::format("  now {}/s", human_rate(tail.rates.back()));
    const std::size_t taken = kTitle.size() + 2 + now.size();
    const std::size_t samples = std::min(tail.rates.size(), width - std::min(width, taken));
    const std::vector<double> latest(tail.rates.end() - static_cast<std::ptrdiff_t>(samples),
                                     tail.rates.end());
    text += fmt::format("\n{}  {}{}\n", paint.bold(kTitle), sparkline(latest), now);
  }
  if (!tail.events.empty()) text += "\n" + paint.bold("latest events") + "\n";
  for (const std::string& line : tail.events) text += clip(line, width) + "\n";
  return text;
}

std::string sparkline(const std::vector<double>& values) {
  constexpr std::array<std::string_view, 9> kBlocks = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const double most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  std::string line;
  for (const double value : values) {
    const double height = most > 0 ? std::ceil(value / most * (kBlocks.size() - 1)) : 0;
    line += kBlocks[static_cast<std::size_t>(height)];
  }
  return line;
}

}  // namespace joust::report
