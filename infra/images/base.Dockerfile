# Stands for the public image of Node where no registry can be reached: a Debian of the same release with what commands find
# around them, and the Node of this checkout. It has not the bytes of the public image. `npm run images` makes both parts.
FROM scratch
ADD base.tar /
COPY node /usr/local/bin/node
USER 0:0
