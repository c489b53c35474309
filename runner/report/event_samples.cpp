#include "runner/report/event_samples.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace joust::report {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestLine = 4096;

std::uint64_t count_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::optional<Sample> parse(const std::string& text) {
  // most lines are other events; looking for the word is much cheaper than parsing
  if (text.size() > kLongestLine || text.find("\"sample\"") == std::string::npos) return {};
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object()) return {};
  const auto event = line.find("event");
  const auto at = line.find("at");
  if (event == line.end() || *event != "sample") return {};
  if (at == line.end() || !at->is_number_integer()) return {};
  Sample sample;
  sample.at = at->get<std::int64_t>();
  sample.done = count_of(line, "done");
  sample.rss = count_of(line, "rss_bytes");
  sample.available = count_of(line, "available_bytes");
  const auto load = line.find("load");
  if (load != line.end() && load->is_number()) sample.load = std::max(0.0, load->get<double>());
  return sample;
}

}  // namespace

void for_each_sample(const std::filesystem::path& run_dir,
                     const std::function<void(const Sample&)>& visit) {
  const std::filesystem::path file = run_dir / "events.jsonl";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return;
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    if (const std::optional<Sample> sample = parse(line)) visit(*sample);
  }
}

}  // namespace joust::report
