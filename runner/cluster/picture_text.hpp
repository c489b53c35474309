#pragma once
// The picture of a submitted tournament, for people and for programs.

#include <cstddef>
#include <cstdint>
#include <string>

#include "runner/cluster/picture.hpp"

namespace joust::cluster {

struct PictureContext {
  std::string dir;                // the submission's folder, as the user gave it
  std::string program = "joust";  // as the user calls it
  bool colour = false;
  std::size_t width = 80;  // columns
};

// At most 20 lines, however many shards there are, each with its "\n". Only paths and commands may
// be wider than `width`.
std::string render_picture(const Picture& picture, const PictureContext& context);

// One JSON object, with every shard.
std::string picture_json(const Picture& picture);

}  // namespace joust::cluster
