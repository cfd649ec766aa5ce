/** Reading weight files in the containers in which they are published, safely: nothing is executed, nothing is believed before it is checked. */
package dev.freecp.convert.source;
