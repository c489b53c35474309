#include "runner/report/evidence.hpp"

#include <fstream>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;

std::string read_head(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(kHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return head;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = printable(std::string_view(text).substr(at, end - at));
    const std::size_t first = line.find_first_not_of(' ');
    lines.push_back(first == std::string::npos ? "" : line.substr(first));
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::vector<std::string> top_frames(const std::filesystem::path& file, std::size_t count) {
  std::vector<std::string> frames;
  std::vector<std::string> others;
  for (std::string& line : lines_of(read_head(file))) {
    if (line.empty() && !frames.empty()) break;
    if (line.empty()) continue;
    auto& kind = line.front() == '#' ? frames : others;
    if (kind.size() < count) kind.push_back(std::move(line));
  }
  return frames.empty() ? others : frames;
}

}  // namespace joust::report
