#pragma once
// What a plugin tells of one world, checked as it comes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/world.hpp"

namespace joust::worlds::plugin {

// Not thread-safe. The first thing that is wrong is kept; what comes after it changes nothing.
class ResultBuilder {
 public:
  // `names`: of the seats' agents where the plugin gives none.
  explicit ResultBuilder(std::vector<std::string> names);

  void score(std::uint32_t seat, double score, std::string_view agent);
  void seat_counter(std::uint32_t seat, std::string_view name, double value);
  void counter(std::string_view name, double value);
  void payload(std::string_view bytes) { result_.payload = bytes; }

  // The result. Throws WorldFailure (protocol_violation), saying what is wrong with it.
  WorldResult finish();

 private:
  bool is_seat(std::uint32_t seat, const char* what);
  void check_name(std::string_view name, const char* what);
  void complain(std::string text);

  WorldResult result_;
  std::vector<bool> scored_;
  std::string fault_;
};

}  // namespace joust::worlds::plugin
